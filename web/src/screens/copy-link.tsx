// The link to share: copied, or shown to be copied where the browser does not allow it.
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { client } from '../app';
import { more } from '../locales/more';
import { Button } from '../parts/Button';

/** The button, and what came of it. */
export function CopyLink() {
  const state = useSignal<'idle' | 'copied' | 'failed'>('idle');
  const link = client.link();
  const { lobby } = more;
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
      <Button onPress={() => void copy()}>{lobby.copy}</Button>
      <p class="hint small" role="status">
        {state.value === 'copied' ? lobby.copied : state.value === 'failed' ? lobby.notCopied : ''}
      </p>
      {state.value === 'failed' && <ShownLink link={link} />}
    </>
  );
}

function ShownLink({ link }: { readonly link: string }) {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    input.current?.focus();
    input.current?.select();
  }, []);
  return (
    <div class="field">
      <label class="vh" for="shared-link">
        {more.lobby.linkField}
      </label>
      <input id="shared-link" type="text" readOnly value={link} ref={input} />
    </div>
  );
}
