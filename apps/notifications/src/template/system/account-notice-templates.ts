import { defineTemplate } from './define-template.js';

const account = { audience: 'resident', category: 'security' } as const;

export const passwordChanged = defineTemplate({
  ...account,
  name: 'password-changed',
  label: 'Password changed',
  describe: 'Tells a resident that their password was changed.',
  channels: ['email'],
  required: {},
  optional: ['event.at', 'event.address', 'event.device', 'account.link', 'account.email'],
  texts: {
    en: {
      subject: 'Your password for {{ property.name }} was changed',
      preheader: 'If it was not you, tell the office at once.',
      body: `<h2>Your password was changed</h2>
<p>Hi {{ resident.firstName | optional }},</p>
<p>The password of your resident account has a new value since {{ event.at | optional }}.</p>
<p>It was you? Then all is well. It was not? Use “Forgot password” where you sign in to take your account back, and tell the office.</p>`,
    },
    es: {
      subject: 'Tu contraseña de {{ property.name }} ha cambiado',
      preheader: 'Si no has sido tú, avisa a la oficina enseguida.',
      body: `<h2>Tu contraseña ha cambiado</h2>
<p>Hola {{ resident.firstName | optional }}:</p>
<p>La contraseña de tu cuenta de residente es otra desde el {{ event.at | optional }}.</p>
<p>¿Has sido tú? Entonces todo está bien. ¿No? Usa «He olvidado mi contraseña» donde inicias sesión para recuperar tu cuenta y avisa a la oficina.</p>`,
    },
    fr: {
      subject: 'Votre mot de passe pour {{ property.name }} a été modifié',
      preheader: 'Si ce n’était pas vous, prévenez tout de suite le bureau.',
      body: `<h2>Votre mot de passe a été modifié</h2>
<p>Bonjour {{ resident.firstName | optional }},</p>
<p>Le mot de passe de votre compte de résident a été modifié le {{ event.at | optional }}.</p>
<p>C’était vous ? Alors tout va bien. Sinon, utilisez « Mot de passe oublié » à la connexion pour reprendre votre compte, et prévenez le bureau.</p>`,
    },
  },
});

export const newSignIn = defineTemplate({
  ...account,
  name: 'new-sign-in',
  label: 'New sign-in',
  describe: 'Tells a resident that somebody signed in to their account on a new device.',
  channels: ['email'],
  required: {},
  optional: ['event.at', 'event.address', 'event.device', 'account.link', 'account.email'],
  texts: {
    en: {
      subject: 'New sign-in to your account at {{ property.name }}',
      preheader: 'If it was you, there is nothing to do.',
      body: `<h2>Somebody signed in to your account</h2>
<p>Hi {{ resident.firstName | optional }},</p>
<p>Your resident account was opened on a device that we had not seen before.</p>
<p>When: {{ event.at | optional }}</p>
<p>With: {{ event.device | optional }}</p>
<p>From: {{ event.address | optional }}</p>
<p>It was you? Then there is nothing to do. It was not? Change your password now.</p>
<p><a href="{{ account.link | optional }}">Look at my account</a></p>`,
    },
    es: {
      subject: 'Nuevo inicio de sesión en tu cuenta de {{ property.name }}',
      preheader: 'Si has sido tú, no tienes que hacer nada.',
      body: `<h2>Alguien ha iniciado sesión en tu cuenta</h2>
<p>Hola {{ resident.firstName | optional }}:</p>
<p>Tu cuenta de residente se ha abierto en un dispositivo que no conocíamos.</p>
<p>Cuándo: {{ event.at | optional }}</p>
<p>Con: {{ event.device | optional }}</p>
<p>Desde: {{ event.address | optional }}</p>
<p>¿Has sido tú? Entonces no tienes que hacer nada. ¿No? Cambia tu contraseña ahora.</p>
<p><a href="{{ account.link | optional }}">Ver mi cuenta</a></p>`,
    },
    fr: {
      subject: 'Nouvelle connexion à votre compte à {{ property.name }}',
      preheader: 'Si c’était vous, il n’y a rien à faire.',
      body: `<h2>Quelqu’un s’est connecté à votre compte</h2>
<p>Bonjour {{ resident.firstName | optional }},</p>
<p>Votre compte de résident a été ouvert sur un appareil que nous ne connaissions pas.</p>
<p>Quand : {{ event.at | optional }}</p>
<p>Avec : {{ event.device | optional }}</p>
<p>Depuis : {{ event.address | optional }}</p>
<p>C’était vous ? Il n’y a rien à faire. Sinon, changez votre mot de passe maintenant.</p>
<p><a href="{{ account.link | optional }}">Voir mon compte</a></p>`,
    },
  },
});

/** Goes to the old address: at the new one nobody needs to be warned. */
export const emailChanged = defineTemplate({
  ...account,
  name: 'email-changed',
  label: 'E-mail address changed',
  describe: 'Tells a resident, at their old address, that they sign in with another one now.',
  channels: ['email'],
  required: {},
  optional: ['account.newEmail', 'account.email', 'account.link', 'event.at', 'event.address', 'event.device'],
  texts: {
    en: {
      subject: 'Your e-mail address for {{ property.name }} was changed',
      preheader: 'If it was not you, tell the office at once.',
      body: `<h2>Your e-mail address was changed</h2>
<p>Hi {{ resident.firstName | optional }},</p>
<p>You now sign in to your resident account with <strong>{{ account.newEmail | default: "another address" }}</strong>. Mail about your account no longer comes to this address.</p>
<p>It was changed at: {{ event.at | optional }}</p>
<p>It was you, or the office on your behalf? Then all is well. It was not? Tell the office now: they can put it right and sign everybody out of your account.</p>`,
    },
    es: {
      subject: 'Tu dirección de correo de {{ property.name }} ha cambiado',
      preheader: 'Si no has sido tú, avisa a la oficina enseguida.',
      body: `<h2>Tu dirección de correo ha cambiado</h2>
<p>Hola {{ resident.firstName | optional }}:</p>
<p>Ahora inicias sesión en tu cuenta de residente con <strong>{{ account.newEmail | default: "otra dirección" }}</strong>. Los correos sobre tu cuenta ya no llegan a esta dirección.</p>
<p>Se cambió: {{ event.at | optional }}</p>
<p>¿Has sido tú, o la oficina a petición tuya? Entonces todo está bien. ¿No? Avisa ahora a la oficina: puede corregirlo y cerrar todas las sesiones de tu cuenta.</p>`,
    },
    fr: {
      subject: 'Votre adresse e-mail pour {{ property.name }} a été modifiée',
      preheader: 'Si ce n’était pas vous, prévenez tout de suite le bureau.',
      body: `<h2>Votre adresse e-mail a été modifiée</h2>
<p>Bonjour {{ resident.firstName | optional }},</p>
<p>Vous vous connectez désormais à votre compte de résident avec <strong>{{ account.newEmail | default: "une autre adresse" }}</strong>. Les messages sur votre compte n’arrivent plus à cette adresse.</p>
<p>Modifiée le : {{ event.at | optional }}</p>
<p>C’était vous, ou le bureau à votre demande ? Alors tout va bien. Sinon, prévenez le bureau maintenant : il peut la rétablir et fermer toutes les sessions de votre compte.</p>`,
    },
  },
});
