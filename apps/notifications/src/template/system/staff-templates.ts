import { defineTemplate } from './define-template.js';

const staff = { audience: 'staff', category: 'security', channels: ['email'] } as const;

export const staffInvitation = defineTemplate({
  ...staff,
  name: 'staff-invitation',
  label: 'Staff invitation',
  describe: 'Invites somebody to join the staff.',
  required: { email: ['invitation.link'] },
  optional: ['recipient.name', 'invitation.expires', 'invitation.by', 'account.email'],
  texts: {
    en: {
      subject: 'You are invited to the team of {{ organization.name }}',
      preheader: 'Choose a password and you are in.',
      body: `<h2>Join the team of {{ organization.name }}</h2>
<p>Hi {{ recipient.name | optional }},</p>
<p>{{ invitation.by | default: "A colleague" }} invited you to work with {{ organization.name }} in Leasewire: residents, messages and Wi-Fi in one place.</p>
<p><a href="{{ invitation.link }}">Accept the invitation</a></p>
<p>The link works once, until {{ invitation.expires | optional }}.</p>
<p>You sign in with {{ account.email | optional }}.</p>
<p>You did not expect this? Then do nothing: without your password there is no account.</p>`,
    },
    es: {
      subject: 'Te han invitado al equipo de {{ organization.name }}',
      preheader: 'Elige una contraseña y listo.',
      body: `<h2>Únete al equipo de {{ organization.name }}</h2>
<p>Hola {{ recipient.name | optional }}:</p>
<p>{{ invitation.by | default: "Alguien del equipo" }} te ha invitado a trabajar con {{ organization.name }} en Leasewire: residentes, mensajes y Wi-Fi en un solo lugar.</p>
<p><a href="{{ invitation.link }}">Aceptar la invitación</a></p>
<p>El enlace sirve una sola vez, hasta el {{ invitation.expires | optional }}.</p>
<p>Inicias sesión con {{ account.email | optional }}.</p>
<p>¿No lo esperabas? No hagas nada: sin tu contraseña no hay cuenta.</p>`,
    },
    fr: {
      subject: 'Vous êtes invité dans l’équipe de {{ organization.name }}',
      preheader: 'Choisissez un mot de passe, et c’est fait.',
      body: `<h2>Rejoignez l’équipe de {{ organization.name }}</h2>
<p>Bonjour {{ recipient.name | optional }},</p>
<p>{{ invitation.by | default: "Un membre de l’équipe" }} vous invite à travailler avec {{ organization.name }} dans Leasewire : résidents, messages et Wi-Fi au même endroit.</p>
<p><a href="{{ invitation.link }}">Accepter l’invitation</a></p>
<p>Le lien fonctionne une seule fois, jusqu’au {{ invitation.expires | optional }}.</p>
<p>Vous vous connectez avec {{ account.email | optional }}.</p>
<p>Vous ne vous y attendiez pas ? Ne faites rien : sans votre mot de passe, aucun compte n’existe.</p>`,
    },
  },
});

export const staffPasswordReset = defineTemplate({
  ...staff,
  name: 'staff-password-reset',
  label: 'Staff password reset',
  describe: 'A link for a staff member who forgot their password, or for whom a colleague made one.',
  required: { email: ['password.link'] },
  optional: ['recipient.name', 'password.expires', 'account.email', 'event.at', 'event.address', 'event.device'],
  texts: {
    en: {
      subject: 'Set a new password for {{ organization.name }}',
      preheader: 'If nobody asked for it, nothing has changed.',
      body: `<h2>Set a new password</h2>
<p>Hi {{ recipient.name | optional }},</p>
<p>Here is the link to set a new password for your staff account at {{ organization.name }}.</p>
<p><a href="{{ password.link }}">Choose a new password</a></p>
<p>The link works once, until {{ password.expires | optional }}. An older link no longer works.</p>
<p>You did not ask for it? Then do nothing: your password has not changed. If it happens again, tell whoever manages your team.</p>`,
    },
    es: {
      subject: 'Nueva contraseña para {{ organization.name }}',
      preheader: 'Si nadie la ha pedido, no ha cambiado nada.',
      body: `<h2>Elige una nueva contraseña</h2>
<p>Hola {{ recipient.name | optional }}:</p>
<p>Este es el enlace para elegir una nueva contraseña de tu cuenta de empleado en {{ organization.name }}.</p>
<p><a href="{{ password.link }}">Elegir una nueva contraseña</a></p>
<p>El enlace sirve una sola vez, hasta el {{ password.expires | optional }}. Los enlaces anteriores ya no funcionan.</p>
<p>¿No la has pedido? No hagas nada: tu contraseña no ha cambiado. Si vuelve a ocurrir, avisa a quien gestiona tu equipo.</p>`,
    },
    fr: {
      subject: 'Nouveau mot de passe pour {{ organization.name }}',
      preheader: 'Si personne ne l’a demandé, rien n’a changé.',
      body: `<h2>Choisissez un nouveau mot de passe</h2>
<p>Bonjour {{ recipient.name | optional }},</p>
<p>Voici le lien pour choisir un nouveau mot de passe pour votre compte chez {{ organization.name }}.</p>
<p><a href="{{ password.link }}">Choisir un nouveau mot de passe</a></p>
<p>Le lien fonctionne une seule fois, jusqu’au {{ password.expires | optional }}. Les liens précédents ne fonctionnent plus.</p>
<p>Vous n’avez rien demandé ? Ne faites rien : votre mot de passe n’a pas changé. Si cela se répète, prévenez le responsable de votre équipe.</p>`,
    },
  },
});

export const staffPasswordChanged = defineTemplate({
  ...staff,
  name: 'staff-password-changed',
  label: 'Staff password changed',
  describe: 'Tells a staff member that their password was changed.',
  required: {},
  optional: ['recipient.name', 'event.at', 'event.address', 'event.device', 'account.email'],
  texts: {
    en: {
      subject: 'Your password for {{ organization.name }} was changed',
      preheader: 'All other devices were signed out. If it was not you, act now.',
      body: `<h2>Your password was changed</h2>
<p>Hi {{ recipient.name | optional }},</p>
<p>Your staff account at {{ organization.name }} has a new password, and every other device was signed out.</p>
<p>When: {{ event.at | optional }}</p>
<p>It was you? Then all is well. It was not? Use “Forgot password” where you sign in to take your account back, and tell whoever manages your team.</p>`,
    },
    es: {
      subject: 'Tu contraseña de {{ organization.name }} ha cambiado',
      preheader: 'Se ha cerrado la sesión en los demás dispositivos. Si no has sido tú, actúa ya.',
      body: `<h2>Tu contraseña ha cambiado</h2>
<p>Hola {{ recipient.name | optional }}:</p>
<p>Tu cuenta de empleado en {{ organization.name }} tiene una nueva contraseña y se ha cerrado la sesión en los demás dispositivos.</p>
<p>Cuándo: {{ event.at | optional }}</p>
<p>¿Has sido tú? Entonces todo está bien. ¿No? Usa «He olvidado mi contraseña» donde inicias sesión para recuperar tu cuenta y avisa a quien gestiona tu equipo.</p>`,
    },
    fr: {
      subject: 'Votre mot de passe pour {{ organization.name }} a été modifié',
      preheader: 'Vos autres appareils ont été déconnectés. Si ce n’était pas vous, agissez maintenant.',
      body: `<h2>Votre mot de passe a été modifié</h2>
<p>Bonjour {{ recipient.name | optional }},</p>
<p>Votre compte chez {{ organization.name }} a un nouveau mot de passe, et tous vos autres appareils ont été déconnectés.</p>
<p>Quand : {{ event.at | optional }}</p>
<p>C’était vous ? Alors tout va bien. Sinon, utilisez « Mot de passe oublié » à la connexion pour reprendre votre compte, et prévenez le responsable de votre équipe.</p>`,
    },
  },
});

export const staffTwoFactorOff = defineTemplate({
  ...staff,
  name: 'staff-two-factor-off',
  label: 'Second factor turned off',
  describe: 'Tells a staff member that a password alone opens their account from now on.',
  required: {},
  optional: ['recipient.name', 'event.at', 'event.address', 'event.device', 'account.email'],
  texts: {
    en: {
      subject: 'Your second factor for {{ organization.name }} was turned off',
      preheader: 'A password alone opens your account now.',
      body: `<h2>Your second factor was turned off</h2>
<p>Hi {{ recipient.name | optional }},</p>
<p>From now on a password alone opens your staff account at {{ organization.name }}. We recommend to set a second factor up again.</p>
<p>When: {{ event.at | optional }}</p>
<p>It was neither you nor a colleague you asked? Change your password now, and tell whoever manages your team.</p>`,
    },
    es: {
      subject: 'Se ha desactivado tu segundo factor en {{ organization.name }}',
      preheader: 'Ahora basta una contraseña para abrir tu cuenta.',
      body: `<h2>Se ha desactivado tu segundo factor</h2>
<p>Hola {{ recipient.name | optional }}:</p>
<p>Desde ahora basta una contraseña para abrir tu cuenta de empleado en {{ organization.name }}. Te recomendamos configurar de nuevo un segundo factor.</p>
<p>Cuándo: {{ event.at | optional }}</p>
<p>¿No has sido tú ni nadie a quien se lo pediste? Cambia tu contraseña ahora y avisa a quien gestiona tu equipo.</p>`,
    },
    fr: {
      subject: 'Votre second facteur pour {{ organization.name }} a été désactivé',
      preheader: 'Un mot de passe suffit désormais pour ouvrir votre compte.',
      body: `<h2>Votre second facteur a été désactivé</h2>
<p>Bonjour {{ recipient.name | optional }},</p>
<p>Un mot de passe suffit désormais pour ouvrir votre compte chez {{ organization.name }}. Nous vous recommandons d’activer à nouveau un second facteur.</p>
<p>Quand : {{ event.at | optional }}</p>
<p>Ce n’était ni vous, ni un collègue à qui vous l’avez demandé ? Changez votre mot de passe maintenant et prévenez le responsable de votre équipe.</p>`,
    },
  },
});

export const staffSignInLocked = defineTemplate({
  ...staff,
  name: 'staff-sign-in-locked',
  label: 'Sign-in slowed down',
  describe: 'Tells a staff member that somebody tries passwords at their account.',
  required: {},
  optional: ['recipient.name', 'event.at', 'event.address', 'account.email'],
  texts: {
    en: {
      subject: 'Somebody is trying passwords for your account at {{ organization.name }}',
      preheader: 'Nobody got in. Further tries have to wait.',
      body: `<h2>Somebody is trying passwords</h2>
<p>Hi {{ recipient.name | optional }},</p>
<p>There were several failed sign-ins to your staff account at {{ organization.name }}. Nobody got in; further tries have to wait a while.</p>
<p>Last try: {{ event.at | optional }}</p>
<p>From: {{ event.address | optional }}</p>
<p>It was you? Use “Forgot password”: the new link lets you in at once. It was not? You need not do anything, if your password is used nowhere else. A second factor makes your account safer still.</p>`,
    },
    es: {
      subject: 'Alguien prueba contraseñas en tu cuenta de {{ organization.name }}',
      preheader: 'Nadie ha entrado. Los siguientes intentos tienen que esperar.',
      body: `<h2>Alguien está probando contraseñas</h2>
<p>Hola {{ recipient.name | optional }}:</p>
<p>Ha habido varios intentos fallidos de entrar en tu cuenta de empleado en {{ organization.name }}. Nadie ha entrado; los siguientes intentos tienen que esperar un rato.</p>
<p>Último intento: {{ event.at | optional }}</p>
<p>Desde: {{ event.address | optional }}</p>
<p>¿Has sido tú? Usa «He olvidado mi contraseña»: el nuevo enlace te deja entrar enseguida. ¿No? No tienes que hacer nada si no usas esa contraseña en otro sitio. Un segundo factor protege aún mejor tu cuenta.</p>`,
    },
    fr: {
      subject: 'Quelqu’un essaie des mots de passe sur votre compte {{ organization.name }}',
      preheader: 'Personne n’est entré. Les essais suivants doivent attendre.',
      body: `<h2>Quelqu’un essaie des mots de passe</h2>
<p>Bonjour {{ recipient.name | optional }},</p>
<p>Plusieurs tentatives de connexion à votre compte chez {{ organization.name }} ont échoué. Personne n’est entré ; les essais suivants doivent attendre un peu.</p>
<p>Dernier essai : {{ event.at | optional }}</p>
<p>Depuis : {{ event.address | optional }}</p>
<p>C’était vous ? Utilisez « Mot de passe oublié » : le nouveau lien vous ouvre la porte tout de suite. Sinon, vous n’avez rien à faire si ce mot de passe ne sert nulle part ailleurs. Un second facteur protège encore mieux votre compte.</p>`,
    },
  },
});
