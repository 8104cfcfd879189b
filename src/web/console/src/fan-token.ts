/** The token of the fan that this device also is, by what the fans' page keeps; undefined where it is none. An editor who took part must not settle. */
export function ownFanToken(store: Pick<Storage, 'getItem'> | undefined, site: string): string | undefined {
  try {
    const kept = JSON.parse(store?.getItem(`fanhub.session ${site.replace(/\/+$/, '')}`) ?? 'null') as { token?: unknown } | null;
    return typeof kept?.token === 'string' ? kept.token : undefined;
  } catch {
    return undefined;
  }
}
