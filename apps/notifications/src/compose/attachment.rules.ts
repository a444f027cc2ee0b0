import { headerText } from './header.rules.js';

export interface Attachment {
  readonly name: string;
  readonly size: number;
  /** The first bytes of it, at least 4,096 where there are so many. */
  readonly head: Uint8Array;
}
export interface AcceptedAttachment {
  readonly name: string;
  readonly contentType: string;
  readonly size: number;
}

export const limits = { files: 5, fileBytes: 10 * 1024 * 1024, mailBytes: 15 * 1024 * 1024 } as const;
/** To so many only so much goes: ten megabytes to a thousand residents would be ten gigabytes of mail. */
export const toMany = { recipients: 50, bytes: 500 * 1024 } as const;

interface FileType {
  readonly contentType: string;
  readonly begins: (head: Uint8Array) => boolean;
}
const bytes =
  (...wanted: readonly (number | null)[]) =>
  (head: Uint8Array) =>
    wanted.every((byte, at) => byte === null || head[at] === byte);
const ascii = (text: string, at = 0): ((head: Uint8Array) => boolean) =>
  bytes(...Array.from({ length: at }, () => null), ...[...text].map((char) => char.charCodeAt(0)));
const zip = ascii('PK\u0003\u0004');
const readable = (head: Uint8Array): boolean => !head.includes(0);
const office = (kind: string): FileType => ({
  contentType: `application/vnd.openxmlformats-officedocument.${kind}`,
  begins: zip,
});

/** What staff send residents. No archive, no program, no macro, no HTML: those are what mail filters refuse a whole mail for. */
const types: Readonly<Record<string, FileType>> = {
  pdf: { contentType: 'application/pdf', begins: ascii('%PDF-') },
  png: { contentType: 'image/png', begins: bytes(0x89, 0x50, 0x4e, 0x47) },
  jpg: { contentType: 'image/jpeg', begins: bytes(0xff, 0xd8, 0xff) },
  jpeg: { contentType: 'image/jpeg', begins: bytes(0xff, 0xd8, 0xff) },
  gif: { contentType: 'image/gif', begins: ascii('GIF8') },
  webp: { contentType: 'image/webp', begins: (head) => ascii('RIFF')(head) && ascii('WEBP', 8)(head) },
  heic: { contentType: 'image/heic', begins: ascii('ftyp', 4) },
  docx: office('wordprocessingml.document'),
  xlsx: office('spreadsheetml.sheet'),
  pptx: office('presentationml.presentation'),
  odt: { contentType: 'application/vnd.oasis.opendocument.text', begins: zip },
  ods: { contentType: 'application/vnd.oasis.opendocument.spreadsheet', begins: zip },
  txt: { contentType: 'text/plain; charset=utf-8', begins: readable },
  csv: { contentType: 'text/csv; charset=utf-8', begins: readable },
  ics: { contentType: 'text/calendar; charset=utf-8', begins: ascii('BEGIN:VCALENDAR') },
};

export type Accepted = { readonly accepted: readonly AcceptedAttachment[] } | { readonly problems: readonly string[] };

export function acceptAttachments(files: readonly Attachment[]): Accepted {
  const read = files.map(accept);
  const problems = read.filter((one) => typeof one === 'string');
  const accepted = read.filter((one) => typeof one !== 'string');
  if (files.length > limits.files) problems.push(`At most ${limits.files} files go with a message.`);
  const total = files.reduce((sum, { size }) => sum + size, 0);
  if (total > limits.mailBytes) problems.push(`Together the files are ${megabytes(total)} MB; a mail takes 15 MB.`);
  return problems.length > 0 ? { problems } : { accepted: numbered(accepted) };
}

/** Then they are put where people can read them, and the text links there. */
export function tooMuchFor(recipients: number, files: readonly Pick<AcceptedAttachment, 'size'>[]): boolean {
  return recipients >= toMany.recipients && files.reduce((sum, { size }) => sum + size, 0) > toMany.bytes;
}

function accept({ name, size, head }: Attachment): AcceptedAttachment | string {
  const clean = cleanName(name);
  const ending = clean.slice(clean.lastIndexOf('.') + 1).toLowerCase();
  const type = Object.hasOwn(types, ending) && clean.includes('.') ? types[ending] : undefined;
  if (!type) return `“${clean}” is of a kind that is not sent: ${Object.keys(types).join(', ')} are.`;
  if (size === 0) return `“${clean}” is empty.`;
  if (size > limits.fileBytes) return `“${clean}” is ${megabytes(size)} MB; a file may have 10 MB.`;
  if (!type.begins(head)) return `“${clean}” is not what its name says. Save it as ${ending} again.`;
  return { name: clean, contentType: type.contentType, size };
}

/** A name that says nothing of folders and hides no ending: `report\u202Efdp.exe` is shown as `reportexe.pdf` otherwise. */
export function cleanName(name: string): string {
  const base = headerText(name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1), 500);
  const safe = base.replaceAll(/["<>|?*:;%&]/gu, '_').replaceAll(/^[.\s]+|[.\s]+$/gu, '');
  const dot = safe.lastIndexOf('.');
  const [stem, ending] = dot > 0 ? [safe.slice(0, dot), safe.slice(dot)] : [safe, ''];
  const short = [...stem].slice(0, 80).join('').trimEnd();
  return `${short === '' ? 'file' : short}${ending}`;
}

/** Two files of one name: mail programs would save one over the other. */
function numbered(files: readonly AcceptedAttachment[]): AcceptedAttachment[] {
  const taken = new Set<string>();
  return files.map((file) => {
    const dot = file.name.lastIndexOf('.');
    let name = file.name;
    for (let nth = 2; taken.has(name.toLowerCase()); nth++) name = `${file.name.slice(0, dot)} (${nth})${file.name.slice(dot)}`;
    taken.add(name.toLowerCase());
    return { ...file, name };
  });
}

const megabytes = (size: number): string => (size / 1024 / 1024).toFixed(1);
