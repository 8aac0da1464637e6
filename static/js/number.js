// Reads a whole number as the server does; NaN for what the server would ask about, so that no sum is shown of something else.
export function whole(text) {
  const bare = text.trim();
  if (/^\d+$/.test(bare)) return Number(bare);
  if (/^[1-9]\d{0,2}(?:\.\d{3})+$/.test(bare) || /^[1-9]\d{0,2}(?:,\d{3})+$/.test(bare)) return Number(bare.replace(/[.,]/g, ""));
  return /^\d+[.,]0{1,2}$/.test(bare) ? Number.parseInt(bare, 10) : Number.NaN;
}
