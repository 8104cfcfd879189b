const two = (n: number): string => String(n).padStart(2, '0');

/** A moment as a control for date and time writes it, on the device's own clock; milliseconds only where there are some. */
export function toLocal(moment: string | undefined): string {
  const date = new Date(moment ?? '');
  if (Number.isNaN(date.getTime())) return '';
  const day = `${String(date.getFullYear()).padStart(4, '0')}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  const ms = date.getMilliseconds();
  return `${day}T${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}${ms === 0 ? '' : `.${String(ms).padStart(3, '0')}`}`;
}

/** The moment that the control says, in UTC; undefined where it says none. */
export function fromLocal(text: string): string | undefined {
  const date = new Date(text);
  return text === '' || Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}
