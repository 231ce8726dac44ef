// Files that are made on the device, and text that is markup in none of them.

/** Text as text in Markdown, also where HTML would be read. */
export function escapeMarkdown(text: string): string {
  return text
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/([\\`*_{}[\]()#+\-.!|~>:@/])/g, '\\$1');
}

/** Typed lines as paragraphs of Markdown. */
export function escapeMarkdownLines(text: string): string {
  const lines = text.split(/\r\n?|\n/).map((line) => escapeMarkdown(line.trim()));
  return lines.filter((line) => line !== '').join('\n\n');
}

/** Typed lines without what a screen or a printer would obey. */
export function cleanLines(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(/(?!\n)\p{Cc}/gu, ' ');
}

/** What kind of file it is. */
export type FileKind = 'markdown' | 'plain' | 'calendar' | 'json';

/** Hands a text to the browser to save. */
export function saveFile(name: string, text: string, kind: FileKind = 'markdown'): void {
  const type = kind === 'json' ? 'application/json' : `text/${kind};charset=utf-8`;
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // After the press: some browsers read the address only then.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
