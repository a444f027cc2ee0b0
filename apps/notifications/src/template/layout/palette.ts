/** Two sets of colours; text on ground reaches at least 4.5:1 in both (test/template/layout.spec.ts counts). */
export interface Palette {
  readonly page: string;
  readonly card: string;
  readonly text: string;
  readonly muted: string;
  readonly accent: string;
  readonly onAccent: string;
  readonly box: string;
  readonly line: string;
}
export const light: Palette = {
  page: '#eef2f3',
  card: '#ffffff',
  text: '#1d2a30',
  muted: '#586870',
  accent: '#0b5f68',
  onAccent: '#ffffff',
  box: '#f1f7f7',
  line: '#d9e3e5',
};
export const dark: Palette = {
  page: '#10171a',
  card: '#1a2429',
  text: '#e7edef',
  muted: '#a5b4ba',
  accent: '#6fd3d9',
  onAccent: '#06292d',
  box: '#22303a',
  line: '#34444c',
};
/** Danger looks like nothing else that is sent. */
export const alarm = { light: '#b3261e', dark: '#ff8a80' } as const;
