import { samples } from '../../src/compose/field-registry.js';
import { alarm, dark, light, type Palette } from '../../src/template/layout/palette.js';
import { readTemplate } from '../../src/template/read-template.rules.js';
import { renderMail } from '../../src/template/render.rules.js';
import { systemTemplates } from '../../src/template/system/system-templates.js';
import { sampleFilling, sampleFrame } from './sample-frame.js';

const wifi = readTemplate(systemTemplates['wifi-password'].texts.en).parts;
const mail = (more = {}, values = samples()) => renderMail(wifi, sampleFilling('en', values), sampleFrame('en', more));

it('is the same mail as yesterday', () => {
  expect(mail({ unsubscribe: 'https://living.example/u/1' }).html.replaceAll('><', '>\n<')).toMatchSnapshot();
});

describe('a mail', () => {
  it('says its language, and what mailboxes show beside the subject', () => {
    expect(mail().html).toMatch(/^<!doctype html><html lang="en"/);
    expect(mail().html).toContain('The name of the network and your own password.');
  });

  it('shows the address of its button, in both parts', () => {
    const { html, text } = mail();
    expect(html.match(/https:\/\/living\.example\/my/g)?.length).toBe(3);
    expect(text).toContain('Open my Wi-Fi page:\nhttps://living.example/my');
  });

  it('loads nothing and runs nothing: no picture, no font, no script, no pixel', () => {
    expect(mail().html).not.toMatch(/<img|<script|<link|<iframe|@import|url\(|background=|src=/i);
  });

  it('offers to stop such mail only where it was given an address for that', () => {
    expect(mail().html + mail().text).not.toMatch(/stop receiving/i);
    const offered = mail({ unsubscribe: 'https://living.example/u/1' });
    expect(offered.html).toContain('href="https://living.example/u/1"');
    expect(offered.text).toContain('Stop receiving mail of this kind: https://living.example/u/1');
  });

  it('ends with who sends it, where they are, and why one has it', () => {
    for (const part of [mail().html, mail().text]) {
      expect(part).toContain('Harbour House · 12 Quay Street, Brisbane 4000 · +61 7 3000 0000');
      expect(part).toContain('You receive this because you have a home at Harbour House. Answers to this mail are not read.');
    }
    expect(mail({ answersAreRead: true, reader: 'staff' }).text).toMatch(/because you work with Harbour House\.$/m);
  });

  it('says at the top that it is an emergency', () => {
    expect(mail({ emergency: true }).html).toContain('>Emergency<');
    expect(mail({ emergency: true }).text).toMatch(/^EMERGENCY: Harbour House\n\n/);
  });

  it('is drawn by Outlook within 600 pixels, with padding in its button', () => {
    expect(mail().html).toMatch(/<!--\[if mso\]><table role="presentation" width="600"/);
    expect(mail().html).toContain('mso-padding-alt');
  });

  it('escapes what people are called', () => {
    const values = { ...samples(), 'resident.firstName': '<b>Ana</b>' };
    expect(mail({ sender: 'A & <B>' }, values).html).toContain('A &amp; &lt;B&gt;');
    expect(mail({}, values).html).not.toContain('<b>Ana');
  });
});

/** WCAG 2.2, relative luminance. */
const luminance = (colour: string): number => {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const value = parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const contrast = (a: string, b: string): number => {
  const [high = 0, low = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
};
it.each([
  ['light', light, alarm.light],
  ['dark', dark, alarm.dark],
])('can be read in %s', (_name, colours: Palette, danger: string) => {
  const { page, card, text, muted, accent, onAccent, box } = colours;
  const pairs: [string, string][] = [
    [text, card],
    [text, box],
    [text, page],
    [muted, card],
    [muted, page],
    [accent, card],
    [onAccent, accent],
    [onAccent, danger],
  ];
  for (const [ink, ground] of pairs) expect([ink, ground, contrast(ink, ground) >= 4.5]).toEqual([ink, ground, true]);
});
