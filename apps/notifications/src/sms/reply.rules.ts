/**
 * What somebody's reply means. In the United States any reasonable way to say no counts and stop, quit, end, revoke, opt out,
 * cancel and unsubscribe do by themselves (89 FR 15756); carriers know a few single words only. So the single words act at once,
 * and whatever may be a wish to be left alone goes to a person, with one click to record it.
 */
export type Reply = 'opt-out' | 'opt-in' | 'help' | 'maybe-opt-out' | 'other';

const optOut = [
  ...['stop', 'stopall', 'stop all', 'quit', 'end', 'revoke', 'optout', 'opt out', 'cancel', 'unsubscribe'],
  ...[
    'alto',
    'parar',
    'pare',
    'baja',
    'cancelar',
    'cancela',
    'fin',
    'terminar',
    'salir',
    'no mas',
    'no mas mensajes',
    'detener',
    'revocar',
  ],
  ...[
    'arret',
    'arreter',
    'arretez',
    'annuler',
    'desabonner',
    'desabonnement',
    'desinscrire',
    'desinscription',
    'retrait',
    'resilier',
    'quitter',
  ],
];
/** Without “no” and “sí”: those answer questions. YES counts, because carriers let someone back in by it. */
const optIn = [
  'start',
  'unstop',
  'yes',
  'subscribe',
  'alta',
  'empezar',
  'iniciar',
  'inicio',
  'comenzar',
  'reprendre',
  'commencer',
  'abonner',
];
const help = ['help', 'info', 'ayuda', 'informacion', 'aide'];
/** Anywhere in a longer text. Not `end`, `fin` or `cancel`: those are about leases and appointments as often. */
const wishes =
  /\b(stop|stopall|unsubscribe|opt(ing)? ?out|revoke|remove me|take me off|leave me alone|do ?n.?t (text|message|contact)|do not (text|message|contact)|no more (texts|messages)|wrong number|basta|no (me )?(envie|envien|manden|escriban|contacten)\w*|dar(me)? de baja|no mas mensajes|numero equivocado|arret(er|ez)?|desabonn\w*|desinscri\w*|ne (m.?|me )(ecri\w*|envoy\w*|contact\w*)|plus de messages|mauvais numero)\b/;
const politeness = /\b(please|pls|plz|thanks|thank you|now|por favor|gracias|ahora|ya|s il vous plait|svp|stp|merci)\b/g;

export function readReply(text: string): Reply {
  const said = plain(text);
  const bare = said.replaceAll(politeness, ' ').replaceAll(/\s+/g, ' ').trim();
  if (optOut.includes(bare)) return 'opt-out';
  if (optIn.includes(bare)) return 'opt-in';
  if (help.includes(bare)) return 'help';
  return wishes.test(said) ? 'maybe-opt-out' : 'other';
}

/** Lower case, without accents, punctuation and emoji: “¡Stop!” is STOP. */
const plain = (text: string): string =>
  text
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, ' ')
    .trim();
