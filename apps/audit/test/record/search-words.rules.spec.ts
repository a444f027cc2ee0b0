import { Personal, type Marked } from '../../src/record/marked.js';
import { searchWords, wordsIn } from '../../src/record/search-words.rules.js';

it.each([
  ['Ana Reyes', ['ana', 'reyes']],
  ['JOSÉ Ñúñez-Łuk', ['jose', 'nunez', 'łuk']],
  ['ben@harbour.example', ['ben', 'harbour', 'example']],
  ['王小明 signed in', ['王小明', 'signed', 'in']],
  ['a b ab ab', ['ab']],
  ['…', []],
])('“%s” is found by %j', (text, words) => {
  expect(wordsIn(text)).toEqual(words);
});

it('words of a name are the person’s, unless the sentence has them too', () => {
  const pieces: Marked[] = ['The role ', 'Desk', ' of ', new Personal('stf_1', 'Desk Ana'), ' changed ', 12];
  expect(searchWords(pieces)).toEqual(
    [['the'], ['role'], ['desk'], ['of'], ['changed'], ['12'], ['ana', 'stf_1']].map(([word, person = null]) => ({
      word,
      person,
    })),
  );
});
