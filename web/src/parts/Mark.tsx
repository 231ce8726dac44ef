// The product's sign: an open ring and a dot outside it.

/** The sign alone. */
export function Sign({ class: className, stroke = 2.2 }: { class?: string; stroke?: number }) {
  return (
    <svg class={className} viewBox="0 0 24 24" aria-hidden="true">
      <path
        d="M18.79 11.20A8 8 0 1 1 12.80 5.21"
        fill="none"
        stroke="currentColor"
        stroke-width={stroke}
        stroke-linecap="round"
      />
      <circle cx="20" cy="4" r={stroke < 2 ? 2.2 : 3} fill="currentColor" />
    </svg>
  );
}

/** The sign with the name, leading to the first page; without `href` it is only a sign. */
export function Mark({ name, href }: { name: string; href?: string }) {
  return href === undefined ? (
    <span class="mark">
      <Sign />
      {name}
    </span>
  ) : (
    <a class="mark" href={href}>
      <Sign />
      {name}
    </a>
  );
}
