// Files for the visitor's downloads, and charts as pictures.

/** Offer bytes or text as a download. */
export function save(name: string, content: Blob | string, type = 'text/plain;charset=utf-8'): void {
  const address = URL.createObjectURL(typeof content === 'string' ? new Blob([content], { type }) : content);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** Return the address if it is one a page may link to (http or https), else nothing. */
export function linkable(address: string | null | undefined): string | undefined {
  return address && /^https?:\/\/[^\s"'<>]+$/i.test(address) ? address : undefined;
}
