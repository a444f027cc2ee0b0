import { alarm, dark, type Palette } from './palette.js';

/** For programs that read style sheets: Apple Mail, Outlook for Mac and phones, Thunderbird, Gmail in part. */
export function styleSheet(emergency: boolean): string {
  const accent = emergency ? alarm.dark : dark.accent;
  return (
    `:root{color-scheme:light dark;supported-color-schemes:light dark}` +
    `body{margin:0;padding:0;-webkit-text-size-adjust:100%;-ms-text-size-adjust:100%}` +
    `table,td{mso-table-lspace:0;mso-table-rspace:0}` +
    `@media (max-width:480px){.c{padding:28px 20px 12px!important}.o{padding:16px 10px 28px!important}.f{padding:18px 20px 0!important}.e{padding:12px 20px!important}.h{font-size:22px!important}.w,.w .k{width:100%!important;box-sizing:border-box}}` +
    `@media (prefers-color-scheme:dark){${night('', { ...dark, accent })}}` +
    // Outlook on the web and for Android put these attributes where they darken a mail
    night('[data-ogsc] ', { ...dark, accent }) +
    night('[data-ogsb] ', { ...dark, accent })
  );
}

function night(within: string, colours: Palette): string {
  const rule = (names: string, style: string): string =>
    `${names
      .split(',')
      .map((name) => within + name)
      .join()}{${style}}`;
  return (
    rule('.g', `background:${colours.page}!important`) +
    rule('.s', `background:${colours.card}!important;border-color:${colours.line}!important`) +
    rule('.t', `color:${colours.text}!important`) +
    rule('.m', `color:${colours.muted}!important`) +
    rule('.a', `color:${colours.accent}!important`) +
    rule('.b', `background:${colours.box}!important;border-color:${colours.line}!important`) +
    rule('.l,.q,.r', `border-color:${colours.line}!important`) +
    rule('.k', `background:${colours.accent}!important;color:${colours.onAccent}!important`)
  );
}
