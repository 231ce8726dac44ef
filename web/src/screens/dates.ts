// Times and days of the device, as people write them.

/** A clock time of the device: "15:50". */
export function clockTime(deviceTime: number): string {
  return new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' }).format(deviceTime);
}

/** A day: "22 December 2026". */
export function longDate(deviceTime: number): string {
  return new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric' }).format(
    deviceTime,
  );
}

/** A day with its weekday: "Sunday 22 November 2026". */
export function fullDate(deviceTime: number): string {
  const options = { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' } as const;
  return new Intl.DateTimeFormat('en-GB', options).format(deviceTime).replace(',', '');
}
