import { SystemTemplateName } from '@leasewire/contracts';
import { fieldNames, fieldRow, samples } from '../../src/compose/field-registry.js';
import { fill, lacking } from '../../src/compose/fill.rules.js';
import { sizeOfMail } from '../../src/compose/size.rules.js';
import { canonicalHtml } from '../../src/compose/write-html.rules.js';
import { segmentsOf } from '../../src/sms/segment.rules.js';
import { placeholdersFor, problemsOf, readTemplate } from '../../src/template/read-template.rules.js';
import { renderMail, renderSms } from '../../src/template/render.rules.js';
import { systemTemplates } from '../../src/template/system/system-templates.js';
import { languages, sampleFilling, sampleFrame } from './sample-frame.js';

const all = Object.values(systemTemplates);
const each = all.flatMap((template) =>
  languages.map((language) => [`${template.name} in ${language}`, template, language] as const),
);

it('has a row for every name of the contract, under that name', () => {
  expect(Object.keys(systemTemplates).sort()).toEqual([...SystemTemplateName.options].sort());
  for (const [name, template] of Object.entries(systemTemplates)) expect(template.name).toBe(name);
});

it('leads nowhere but to pages that a mail scanner may open: a new link needs a row in “a mail scanner” of the gateway’s tests', () => {
  const links = fieldNames.filter((name) => fieldRow(name).kind === 'link').sort();
  const opened = ['account.link', 'activation.link', 'invitation.link', 'password.link'];
  const ofStaff = ['alert.link', 'alert.settings'];
  expect(links).toEqual([...opened, ...ofStaff].sort());
});

describe.each(each)('%s', (_title, template, language) => {
  const source = template.texts[language];
  const { parts, removed } = readTemplate(source);
  const frame = sampleFrame(language, { reader: template.audience });
  const filling = sampleFilling(language);

  it('may be sent as it is, and loses nothing', () => {
    expect([problemsOf(template, source), removed]).toEqual([[], []]);
    expect(source.sms !== undefined).toBe(template.channels.includes('sms'));
  });

  it('reads as it did', () => {
    const mail = renderMail(parts, filling, frame);
    expect({
      subject: mail.subject,
      html: canonicalHtml(fill(parts.body, filling)).replaceAll(/<\/(p|h2|pre|ul|blockquote)>/g, '</$1>\n'),
      text: mail.text,
      sms: renderSms(parts, filling),
    }).toMatchSnapshot();
    expect(sizeOfMail(mail.html).kind).toBe('fine');
    expect(mail.html).not.toMatch(/\{\{|undefined|\[object/);
  });

  it('needs no more than its required fields and what everyone has', () => {
    const required = Object.values(template.required).flat();
    const known = ['property.name', 'organization.name', 'connection.name', 'controller.name', 'alert.lines', 'message.subject'];
    const { ...values } = samples();
    for (const field of Object.keys(values) as (keyof typeof values)[])
      if (!required.includes(field) && !known.includes(field)) delete values[field];
    for (const channel of template.channels) expect(lacking(placeholdersFor(parts, channel), values)).toEqual([]);
    const bare = renderMail(parts, { ...filling, values }, frame);
    expect(bare.subject).not.toBe('');
  });

  it('costs at most two segments as a text', () => {
    expect(segmentsOf(renderSms(parts, filling) ?? '').count).toBeLessThanOrEqual(2);
  });

  it('shows no secret once it is kept', () => {
    const { html, text } = renderMail(parts, { ...filling, secrets: 'masked' }, frame);
    const sms = renderSms(parts, { ...filling, secrets: 'masked' });
    expect(html + text + (sms ?? '')).not.toMatch(/plum-otter|kq7m2xv9|t4h8wq2c|m3p9d6rz/);
  });
});
