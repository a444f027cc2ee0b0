const word = /^[a-z][a-z0-9]*(-[a-z][a-z0-9]*)*$/;

/** Every spelling of a name that the templates need. */
function spellings(name) {
  if (!word.test(name ?? '')) throw new Error(`“${name ?? ''}” must be kebab-case words, such as parking or visitor-permit`);
  const words = name.split('-');
  const plural = pluralOf(name);
  return {
    kebab: name,
    camel: camel(name),
    pascal: pascal(name),
    words: words.join(' '),
    plural,
    pluralCamel: camel(plural),
    pluralWords: plural.replaceAll('-', ' '),
    title: sentence(plural),
  };
}

const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
const pascal = (name) => name.split('-').map(capital).join('');
const camel = (name) =>
  name
    .split('-')
    .map((part, at) => (at === 0 ? part : capital(part)))
    .join('');
const sentence = (name) => capital(name.replaceAll('-', ' '));

function pluralOf(name) {
  if (/[^aeiou]y$/.test(name)) return `${name.slice(0, -1)}ies`;
  if (/(s|x|z|ch|sh)$/.test(name)) return `${name}es`;
  return `${name}s`;
}

/** `a bay`, `an entry` */
const withArticle = (words) => `${/^[aeiou]/.test(words) ? 'an' : 'a'} ${words}`;

/** The short word before the underscore of an id: three letters of the last word, more when they are taken. */
function idPrefix(name, taken) {
  const letters = name
    .split('-')
    .at(-1)
    .replaceAll(/[^a-z]/g, '');
  for (let length = 3; length <= letters.length; length++)
    if (!taken.has(letters.slice(0, length))) return letters.slice(0, length);
  const whole = name.replaceAll(/[^a-z]/g, '');
  if (!taken.has(whole)) return whole;
  throw new Error(`There is an id with the prefix “${whole}” already; choose another name`);
}

module.exports = { spellings, withArticle, idPrefix, pascal };
