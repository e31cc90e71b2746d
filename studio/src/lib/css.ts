// Styles that depend on data go through the CSSOM: the page's policy allows no style attributes.

/** Svelte action: set custom properties on a node, as `use:vars={{ colour: '#123' }}`. */
export function vars(node: HTMLElement | SVGElement, values: Record<string, string | number>) {
  const set = (now: Record<string, string | number>) => {
    for (const [name, value] of Object.entries(now)) node.style.setProperty(`--${name}`, String(value));
  };
  set(values);
  return { update: set };
}
