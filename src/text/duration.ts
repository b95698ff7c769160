/** `0.4` → `0.4 s`, `54.2` → `54 s`, `95` → `1 min 35 s`, `7380` → `2 h 3 min`. */
export function printDuration(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min${after(whole % 60, "s")}`;
  return `${Math.floor(minutes / 60)} h${after(minutes % 60, "min")}`;
}

function after(count: number, unit: string): string {
  return count === 0 ? "" : ` ${count} ${unit}`;
}
