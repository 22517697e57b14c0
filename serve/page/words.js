// Numbers as a reader wants them.

const whole = new Intl.NumberFormat("en");
const day = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "medium" });

/** 1 -> "1 token", 1234 -> "1,234 tokens". */
export function counted(n, one, many = `${one}s`) {
  return `${whole.format(n)} ${n === 1 ? one : many}`;
}

export const number = (n) => whole.format(n);

/** Milliseconds as "0.4 ms", "31 ms", "1.2 s" or "2 min 5 s". */
export function duration(ms) {
  if (ms < 1) return `${ms.toFixed(1)} ms`;
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** 0.834 -> "83%"; what is not quite 0 or 1 never reads as if it were. */
export function share(probability) {
  if (probability > 0 && probability < 0.005) return "<1%";
  if (probability < 1 && probability >= 0.995) return ">99%";
  return `${Math.round(100 * probability)}%`;
}

/** Bytes as "312 B", "4.1 kB" or "2.5 MB". */
export function bytes(n) {
  if (n < 1000) return `${n} B`;
  return n < 1e6 ? `${(n / 1e3).toFixed(1)} kB` : `${(n / 1e6).toFixed(1)} MB`;
}

/** A cost with three significant digits, without a currency: the server is told none. */
export function cost(amount) {
  return amount === 0 ? "0" : amount.toLocaleString("en", { maximumSignificantDigits: 3 });
}

/** A point in time, RFC 3339 text or seconds since 1970, in the reader's zone. */
export function moment(time) {
  return day.format(new Date(typeof time === "number" ? 1000 * time : time));
}
