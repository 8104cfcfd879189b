/** An address that a link may lead to, or a picture come from: of this site, or over HTTPS. Undefined for all others, such as `javascript:`. */
export function safeAddress(address: string | undefined, page: string): { href: string; outside: boolean } | undefined {
  if (address === undefined || address.trim() === '') return undefined;
  try {
    const url = new URL(address, page);
    const outside = url.origin !== new URL(page).origin;
    const safe = url.protocol === 'https:' || (url.protocol === 'http:' && !outside);
    // One of this site stays as it was written, so that the page can follow it without loading anew.
    return safe ? { href: outside ? url.href : address, outside } : undefined;
  } catch {
    return undefined;
  }
}
