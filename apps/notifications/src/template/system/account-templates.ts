import { defineTemplate } from './define-template.js';

const account = { audience: 'resident', category: 'security' } as const;

export const welcome = defineTemplate({
  ...account,
  name: 'welcome',
  label: 'Welcome',
  describe: 'Invites a resident to set up their account.',
  channels: ['email', 'sms'],
  required: { email: ['activation.link'], sms: ['activation.link'] },
  optional: ['activation.expires', 'account.email'],
  texts: {
    en: {
      subject: 'Welcome to {{ property.name }}: set up your account',
      preheader: 'Choose a password and you are in. It takes a minute.',
      body: `<h2>Welcome to {{ property.name }}</h2>
<p>Hi {{ resident.firstName | optional }},</p>
<p>Your resident account is ready. Choose a password, and you can see your Wi-Fi details and receive news about your home.</p>
<p><a href="{{ activation.link }}">Set up my account</a></p>
<p>The link works until {{ activation.expires | optional }}. Later, ask the office for a new one.</p>
<p>Nothing happens until you choose a password. If you do not live here, you can ignore this mail.</p>`,
      sms: 'Welcome to {{ property.name }}! Set up your resident account: {{ activation.link }}',
    },
    es: {
      subject: 'Te damos la bienvenida a {{ property.name }}: activa tu cuenta',
      preheader: 'Elige una contraseña y listo. Te llevará un minuto.',
      body: `<h2>Te damos la bienvenida a {{ property.name }}</h2>
<p>Hola {{ resident.firstName | optional }}:</p>
<p>Tu cuenta de residente está preparada. Elige una contraseña y podrás ver los datos de tu Wi-Fi y recibir noticias sobre tu hogar.</p>
<p><a href="{{ activation.link }}">Activar mi cuenta</a></p>
<p>El enlace funciona hasta el {{ activation.expires | optional }}. Después, pide uno nuevo en la oficina.</p>
<p>No pasa nada hasta que elijas una contraseña. Si no vives aquí, puedes ignorar este correo.</p>`,
      sms: '{{ property.name }}: activa tu cuenta de residente: {{ activation.link }}',
    },
    fr: {
      subject: 'Bienvenue à {{ property.name }} : activez votre compte',
      preheader: 'Choisissez un mot de passe, cela prend une minute.',
      body: `<h2>Bienvenue à {{ property.name }}</h2>
<p>Bonjour {{ resident.firstName | optional }},</p>
<p>Votre compte de résident est prêt. Choisissez un mot de passe pour voir vos identifiants Wi-Fi et recevoir les nouvelles de votre résidence.</p>
<p><a href="{{ activation.link }}">Activer mon compte</a></p>
<p>Le lien fonctionne jusqu’au {{ activation.expires | optional }}. Ensuite, demandez-en un nouveau au bureau.</p>
<p>Rien ne se passe tant que vous n’avez pas choisi de mot de passe. Si vous n’habitez pas ici, ignorez ce message.</p>`,
      sms: '{{ property.name }} : activez votre compte de résident : {{ activation.link }}',
    },
  },
});

export const reminder = defineTemplate({
  ...account,
  name: 'reminder',
  label: 'Reminder',
  describe: 'Reminds a resident who has not set up their account.',
  channels: ['email', 'sms'],
  required: { email: ['activation.link'], sms: ['activation.link'] },
  optional: ['activation.expires', 'account.email'],
  texts: {
    en: {
      subject: 'Your account at {{ property.name }} is waiting for you',
      preheader: 'One password, and it is done.',
      body: `<h2>Your account is still waiting</h2>
<p>Hi {{ resident.firstName | optional }},</p>
<p>We invited you to set up your resident account at {{ property.name }}. It takes a minute: choose a password, and you are in.</p>
<p><a href="{{ activation.link }}">Set up my account</a></p>
<p>It is the link that you have, and works until {{ activation.expires | optional }}. You want no reminders? The same page has a box for that.</p>`,
      sms: '{{ property.name }}: your resident account is still waiting. Set it up: {{ activation.link }}',
    },
    es: {
      subject: 'Tu cuenta de {{ property.name }} te espera',
      preheader: 'Una contraseña y listo.',
      body: `<h2>Tu cuenta te sigue esperando</h2>
<p>Hola {{ resident.firstName | optional }}:</p>
<p>Te invitamos a activar tu cuenta de residente en {{ property.name }}. Te llevará un minuto: elige una contraseña y listo.</p>
<p><a href="{{ activation.link }}">Activar mi cuenta</a></p>
<p>Es el enlace que ya tienes y funciona hasta el {{ activation.expires | optional }}. ¿No quieres recordatorios? En la misma página hay una casilla para ello.</p>`,
      sms: '{{ property.name }}: tu cuenta de residente te espera. Activa tu cuenta: {{ activation.link }}',
    },
    fr: {
      subject: 'Votre compte à {{ property.name }} vous attend',
      preheader: 'Un mot de passe, et c’est fait.',
      body: `<h2>Votre compte vous attend toujours</h2>
<p>Bonjour {{ resident.firstName | optional }},</p>
<p>Nous vous avons invité à activer votre compte de résident à {{ property.name }}. Cela prend une minute : choisissez un mot de passe.</p>
<p><a href="{{ activation.link }}">Activer mon compte</a></p>
<p>C’est le lien que vous avez déjà ; il fonctionne jusqu’au {{ activation.expires | optional }}. Vous ne voulez pas de rappels ? La même page a une case pour cela.</p>`,
      sms: '{{ property.name }} : votre compte de résident vous attend : {{ activation.link }}',
    },
  },
});

export const passwordReset = defineTemplate({
  ...account,
  name: 'password-reset',
  label: 'Password reset',
  describe: 'A link for a resident who forgot their password.',
  channels: ['email', 'sms'],
  required: { email: ['password.link'], sms: ['password.link'] },
  optional: ['password.expires', 'account.email', 'event.at', 'event.address', 'event.device'],
  texts: {
    en: {
      subject: 'Set a new password for {{ property.name }}',
      preheader: 'You asked for it. If you did not, nothing has changed.',
      body: `<h2>Set a new password</h2>
<p>Hi {{ resident.firstName | optional }},</p>
<p>Somebody asked for a new password for your resident account at {{ property.name }}. If that was you, choose one here:</p>
<p><a href="{{ password.link }}">Choose a new password</a></p>
<p>The link works once, until {{ password.expires | optional }}.</p>
<p>It was not you? Then do nothing: your password has not changed.</p>`,
      sms: '{{ property.name }}: choose a new password: {{ password.link }}\nNot you? Then do nothing.',
    },
    es: {
      subject: 'Nueva contraseña para {{ property.name }}',
      preheader: 'Si no la has pedido, no ha cambiado nada.',
      body: `<h2>Elige una nueva contraseña</h2>
<p>Hola {{ resident.firstName | optional }}:</p>
<p>Alguien ha pedido una nueva contraseña para tu cuenta de residente en {{ property.name }}. Si has sido tú, elígela aquí:</p>
<p><a href="{{ password.link }}">Elegir una nueva contraseña</a></p>
<p>El enlace sirve una sola vez, hasta el {{ password.expires | optional }}.</p>
<p>¿No has sido tú? No hagas nada: tu contraseña no ha cambiado.</p>`,
      sms: '{{ property.name }}: elige una nueva contraseña: {{ password.link }}',
    },
    fr: {
      subject: 'Nouveau mot de passe pour {{ property.name }}',
      preheader: 'Si vous ne l’avez pas demandé, rien n’a changé.',
      body: `<h2>Choisissez un nouveau mot de passe</h2>
<p>Bonjour {{ resident.firstName | optional }},</p>
<p>Quelqu’un a demandé un nouveau mot de passe pour votre compte de résident à {{ property.name }}. Si c’est vous, choisissez-le ici :</p>
<p><a href="{{ password.link }}">Choisir un nouveau mot de passe</a></p>
<p>Le lien fonctionne une seule fois, jusqu’au {{ password.expires | optional }}.</p>
<p>Ce n’était pas vous ? Ne faites rien : votre mot de passe n’a pas changé.</p>`,
      sms: '{{ property.name }} : choisissez un nouveau mot de passe : {{ password.link }}',
    },
  },
});

export const emailChange = defineTemplate({
  ...account,
  name: 'email-change',
  label: 'Change of e-mail address',
  describe: 'Asks a resident to confirm a new e-mail address.',
  channels: ['email'],
  required: { email: ['account.link'] },
  optional: ['account.newEmail', 'account.email', 'event.at', 'event.address', 'event.device'],
  texts: {
    en: {
      subject: 'Confirm your new e-mail address for {{ property.name }}',
      preheader: 'The old address stays until you confirm.',
      body: `<h2>Is this your new address?</h2>
<p>Hi {{ resident.firstName | optional }},</p>
<p>Somebody asked to change the e-mail address of your resident account to <strong>{{ account.newEmail | default: "another one" }}</strong>.</p>
<p><a href="{{ account.link }}">Confirm the new address</a></p>
<p>It was not you? Then do nothing: the address stays as it is.</p>`,
    },
    es: {
      subject: 'Confirma tu nueva dirección de correo para {{ property.name }}',
      preheader: 'La dirección anterior sigue hasta que confirmes.',
      body: `<h2>¿Es esta tu nueva dirección?</h2>
<p>Hola {{ resident.firstName | optional }}:</p>
<p>Alguien ha pedido cambiar la dirección de correo de tu cuenta de residente a <strong>{{ account.newEmail | default: "otra" }}</strong>.</p>
<p><a href="{{ account.link }}">Confirmar la nueva dirección</a></p>
<p>¿No has sido tú? No hagas nada: la dirección no cambia.</p>`,
    },
    fr: {
      subject: 'Confirmez votre nouvelle adresse e-mail pour {{ property.name }}',
      preheader: 'L’ancienne adresse reste valable jusqu’à votre confirmation.',
      body: `<h2>Est-ce bien votre nouvelle adresse ?</h2>
<p>Bonjour {{ resident.firstName | optional }},</p>
<p>Quelqu’un a demandé de remplacer l’adresse e-mail de votre compte de résident par <strong>{{ account.newEmail | default: "une autre" }}</strong>.</p>
<p><a href="{{ account.link }}">Confirmer la nouvelle adresse</a></p>
<p>Ce n’était pas vous ? Ne faites rien : l’adresse ne change pas.</p>`,
    },
  },
});
