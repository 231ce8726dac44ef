// The place of a QR code: its drawing is fetched when it is first shown.
import { signal } from '@preact/signals';
import type { QrCode } from './QrCode';

const drawing = signal<typeof QrCode | null>(null);
let asked = false;

/** A QR code, or its place while the drawing is fetched. */
export function Qr({ text, label }: { text: string; label: string }) {
  if (!asked) {
    asked = true;
    import('./QrCode').then(
      (module) => {
        drawing.value = module.QrCode;
      },
      // Offline: the link beside it still works, and the next look asks again.
      () => {
        asked = false;
      },
    );
  }
  const Drawing = drawing.value;
  return Drawing ? <Drawing text={text} label={label} /> : <div class="qr" />;
}
