// The drawing of a QR code. Fetched only where one is shown.
import { encode } from 'uqr';

/** White around the code, in its own squares: without it cameras do not find it. */
const BORDER = 2;

/** The dark squares as one path, a run of them at a time. */
export function drawSquares(rows: readonly (readonly boolean[])[]): string {
  return rows
    .map((row, y) => {
      let path = '';
      for (let x = 0; x < row.length; x += 1) {
        if (!row[x]) continue;
        const start = x;
        while (row[x + 1]) x += 1;
        path += `M${start} ${y}h${x - start + 1}v1H${start}z`;
      }
      return path;
    })
    .join('');
}

/** A QR code. Always dark on white, in every theme: cameras expect it. */
export function QrCode({ text, label }: { text: string; label: string }) {
  const { size, data } = encode(text, { ecc: 'M', border: BORDER });
  return (
    <svg
      class="qr"
      viewBox={`0 0 ${size} ${size}`}
      role="img"
      aria-label={label}
      shape-rendering="crispEdges"
    >
      <path fill="#fff" d={`M0 0h${size}v${size}H0z`} />
      <path fill="#1c141a" d={drawSquares(data)} />
    </svg>
  );
}
