// The link to share: copied, or shown to be copied where the browser does not allow it.
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { client } from '../app';
import { more } from '../locales/more';
import { Button, type ButtonLook } from '../parts/Button';

/** The words that it needs. */
interface CopyText {
  readonly copy: string;
  readonly copied: string;
  readonly notCopied: string;
  /** Names the field that shows the link. */
  readonly field: string;
}

const usual: CopyText = { ...more.lobby, field: more.lobby.linkField };

interface CopyLinkProps {
  /** The link for joining, unless it is another. */
  readonly link?: string;
  readonly words?: CopyText;
  readonly look?: ButtonLook;
}

/** The button, and what came of it. */
export function CopyLink({ link = client.link(), words = usual, look = 'outlined' }: CopyLinkProps) {
  const state = useSignal<'idle' | 'copied' | 'failed'>('idle');
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(link);
      state.value = 'copied';
    } catch {
      // Not allowed, or plain http: the link is shown instead.
      state.value = 'failed';
    }
  };
  return (
    <>
      <Button look={look} onPress={() => void copy()}>
        {words.copy}
      </Button>
      <p class="hint small" role="status">
        {state.value === 'copied' ? words.copied : state.value === 'failed' ? words.notCopied : ''}
      </p>
      {state.value === 'failed' && <ShownLink link={link} label={words.field} />}
    </>
  );
}

function ShownLink({ link, label }: { readonly link: string; readonly label: string }) {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    input.current?.focus();
    input.current?.select();
  }, []);
  return (
    <div class="field">
      <label class="vh" for="shared-link">
        {label}
      </label>
      <input id="shared-link" type="text" readOnly value={link} ref={input} />
    </div>
  );
}
