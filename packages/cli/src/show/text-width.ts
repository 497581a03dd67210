const segmenter = new Intl.Segmenter();
/** East Asian wide characters and emoji, coarsely: what most terminals draw two columns wide. */
const WIDE =
  /^(?:\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{20000}-\u{3fffd}])/u;

/** Columns that `text`, which is printable, takes on a terminal. */
export function textWidth(text: string): number {
  // All but a few texts are plain.
  if (/^[\u0020-\u007e]*$/.test(text)) return text.length;
  let width = 0;
  for (const { segment } of segmenter.segment(text)) width += WIDE.test(segment) ? 2 : 1;
  return width;
}

/** `text` cut to `width` columns; `ellipsis` takes the place of what is gone. */
export function cutToWidth(text: string, width: number, ellipsis: string): string {
  if (textWidth(text) <= width) return text;
  let kept = "";
  let left = width - textWidth(ellipsis);
  for (const { segment } of segmenter.segment(text)) {
    left -= WIDE.test(segment) ? 2 : 1;
    if (left < 0) break;
    kept += segment;
  }
  return kept + ellipsis;
}
