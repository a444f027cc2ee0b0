import { defineTemplate } from './define-template.js';

const access = { audience: 'resident', category: 'security', channels: ['email', 'sms'] } as const;

export const wifiPassword = defineTemplate({
  ...access,
  name: 'wifi-password',
  label: 'Wi-Fi password',
  describe: 'Name and password of a resident’s own Wi-Fi, when it begins to work or when it is sent again.',
  required: { email: ['wifi.name', 'wifi.password'], sms: ['wifi.name', 'wifi.password'] },
  optional: ['account.link'],
  texts: {
    en: {
      subject: 'Your Wi-Fi at {{ property.name }}',
      preheader: 'The name of the network and your own password.',
      body: `<h2>Your Wi-Fi is ready</h2>
<p>Hi {{ resident.firstName | optional }},</p>
<p>Choose this network on your phone, laptop or television, and type the password as it stands here:</p>
<pre>Network: {{ wifi.name }}
Password: {{ wifi.password }}</pre>
<p>The password is yours alone. Please do not pass it on: whatever is done with it is done in your name.</p>
<p>A QR code for television and guests is on your own page:</p>
<p><a href="{{ account.link | optional }}">Open my Wi-Fi page</a></p>`,
      sms: '{{ property.name }} Wi-Fi: {{ wifi.name }}\nPassword: {{ wifi.password }}',
    },
    es: {
      subject: 'Tu Wi-Fi en {{ property.name }}',
      preheader: 'El nombre de la red y tu propia contraseña.',
      body: `<h2>Tu Wi-Fi está listo</h2>
<p>Hola {{ resident.firstName | optional }}:</p>
<p>Elige esta red en tu teléfono, portátil o televisor y escribe la contraseña tal como está aquí:</p>
<pre>Red: {{ wifi.name }}
Contraseña: {{ wifi.password }}</pre>
<p>La contraseña es solo tuya. No la compartas: lo que se haga con ella se hace en tu nombre.</p>
<p>En tu página tienes un código QR para el televisor y las visitas:</p>
<p><a href="{{ account.link | optional }}">Abrir mi página de Wi-Fi</a></p>`,
      sms: 'Wi-Fi de {{ property.name }}: {{ wifi.name }}\nContraseña: {{ wifi.password }}',
    },
    fr: {
      subject: 'Votre Wi-Fi à {{ property.name }}',
      preheader: 'Le nom du réseau et votre propre mot de passe.',
      body: `<h2>Votre Wi-Fi est prêt</h2>
<p>Bonjour {{ resident.firstName | optional }},</p>
<p>Choisissez ce réseau sur votre téléphone, ordinateur ou téléviseur et saisissez le mot de passe tel quel :</p>
<pre>Réseau : {{ wifi.name }}
Mot de passe : {{ wifi.password }}</pre>
<p>Ce mot de passe est personnel. Ne le communiquez pas : ce qui est fait avec lui l’est en votre nom.</p>
<p>Un code QR pour le téléviseur et vos invités se trouve sur votre page :</p>
<p><a href="{{ account.link | optional }}">Ouvrir ma page Wi-Fi</a></p>`,
      sms: 'Wi-Fi de {{ property.name }} : {{ wifi.name }}\nMot de passe : {{ wifi.password }}',
    },
  },
});

export const wifiChanged = defineTemplate({
  ...access,
  name: 'wifi-changed',
  label: 'Wi-Fi changed',
  describe: 'A resident’s Wi-Fi has a new password, or another network.',
  required: { email: ['wifi.name', 'wifi.password'], sms: ['wifi.name', 'wifi.password'] },
  optional: ['wifi.until', 'account.link'],
  texts: {
    en: {
      subject: 'Your Wi-Fi password at {{ property.name }} has changed',
      preheader: 'Type the new one once on each of your devices.',
      body: `<h2>Your Wi-Fi has a new password</h2>
<p>Hi {{ resident.firstName | optional }},</p>
<p>Please type it once on each of your devices:</p>
<pre>Network: {{ wifi.name }}
Password: {{ wifi.password }}</pre>
<p>The old password works until {{ wifi.until | optional }}.</p>
<p><a href="{{ account.link | optional }}">Open my Wi-Fi page</a></p>`,
      sms: '{{ property.name }}: your Wi-Fi has changed. {{ wifi.name }}\nNew password: {{ wifi.password }}',
    },
    es: {
      subject: 'La contraseña de tu Wi-Fi en {{ property.name }} ha cambiado',
      preheader: 'Escribe la nueva una vez en cada dispositivo.',
      body: `<h2>Tu Wi-Fi tiene una nueva contraseña</h2>
<p>Hola {{ resident.firstName | optional }}:</p>
<p>Escríbela una vez en cada uno de tus dispositivos:</p>
<pre>Red: {{ wifi.name }}
Contraseña: {{ wifi.password }}</pre>
<p>La contraseña anterior funciona hasta el {{ wifi.until | optional }}.</p>
<p><a href="{{ account.link | optional }}">Abrir mi página de Wi-Fi</a></p>`,
      sms: '{{ property.name }}: tu Wi-Fi ha cambiado. {{ wifi.name }}\nNueva contraseña: {{ wifi.password }}',
    },
    fr: {
      subject: 'Le mot de passe de votre Wi-Fi à {{ property.name }} a changé',
      preheader: 'Saisissez le nouveau une fois sur chaque appareil.',
      body: `<h2>Votre Wi-Fi a un nouveau mot de passe</h2>
<p>Bonjour {{ resident.firstName | optional }},</p>
<p>Saisissez-le une fois sur chacun de vos appareils :</p>
<pre>Réseau : {{ wifi.name }}
Mot de passe : {{ wifi.password }}</pre>
<p>L’ancien mot de passe fonctionne jusqu’au {{ wifi.until | optional }}.</p>
<p><a href="{{ account.link | optional }}">Ouvrir ma page Wi-Fi</a></p>`,
      sms: '{{ property.name }} : votre Wi-Fi a changé. {{ wifi.name }}\nNouveau mot de passe : {{ wifi.password }}',
    },
  },
});

export const rentBlock = defineTemplate({
  ...access,
  name: 'rent-block',
  label: 'Rent block',
  describe: 'Tells a resident that their Wi-Fi will be blocked because rent is overdue. Half an hour later it is.',
  required: {},
  optional: ['rent.balance', 'rent.contact', 'rent.day'],
  texts: {
    en: {
      subject: 'Your Wi-Fi at {{ property.name }} is about to be blocked',
      preheader: 'Rent is overdue. Talk to us and we find a way.',
      body: `<h2>Your rent is overdue</h2>
<p>Dear {{ resident.name | optional }},</p>
<p>Your account for {{ unit.name | default: "your home" }} shows an amount that has not been paid. Your Wi-Fi will be blocked shortly, and comes back as soon as the payment has arrived.</p>
<p>Open amount: <strong>{{ rent.balance | optional }}</strong></p>
<p>You have paid already, or cannot pay at the moment? Please talk to us: {{ rent.contact | optional }}.</p>`,
      sms: '{{ property.name }}: your rent is overdue and your Wi-Fi will be blocked shortly.\nPaid already? Talk to us: {{ rent.contact | optional }}',
    },
    es: {
      subject: 'Tu Wi-Fi en {{ property.name }} se va a bloquear',
      preheader: 'Hay un alquiler pendiente. Habla con nosotros y buscamos una solución.',
      body: `<h2>Tienes un alquiler pendiente</h2>
<p>Hola {{ resident.name | optional }}:</p>
<p>En tu cuenta de {{ unit.name | default: "tu vivienda" }} hay un importe sin pagar. Tu Wi-Fi se bloqueará en breve y volverá en cuanto llegue el pago.</p>
<p>Importe pendiente: <strong>{{ rent.balance | optional }}</strong></p>
<p>¿Ya has pagado o no puedes pagar ahora? Habla con nosotros: {{ rent.contact | optional }}.</p>`,
      sms: '{{ property.name }}: tienes un alquiler pendiente y tu Wi-Fi se va a bloquear.\n¿Ya has pagado? {{ rent.contact | optional }}',
    },
    fr: {
      subject: 'Votre Wi-Fi à {{ property.name }} va être bloqué',
      preheader: 'Un loyer est en retard. Parlez-nous, nous trouverons une solution.',
      body: `<h2>Votre loyer est en retard</h2>
<p>Bonjour {{ resident.name | optional }},</p>
<p>Votre compte pour {{ unit.name | default: "votre logement" }} présente un montant impayé. Votre Wi-Fi sera bloqué sous peu et rétabli dès réception du paiement.</p>
<p>Montant dû : <strong>{{ rent.balance | optional }}</strong></p>
<p>Vous avez déjà payé, ou ne pouvez pas payer en ce moment ? Parlez-nous : {{ rent.contact | optional }}.</p>`,
      sms: '{{ property.name }} : votre loyer est en retard, votre Wi-Fi va être bloqué.\nDéjà payé ? {{ rent.contact | optional }}',
    },
  },
});

export const rentBlockLifted = defineTemplate({
  ...access,
  name: 'rent-block-lifted',
  label: 'Block lifted',
  describe: 'Tells a resident that their Wi-Fi works again.',
  required: {},
  optional: ['wifi.name', 'account.link', 'rent.contact'],
  texts: {
    en: {
      subject: 'Your Wi-Fi at {{ property.name }} works again',
      preheader: 'Same network, same password. Thank you.',
      body: `<h2>Your Wi-Fi works again</h2>
<p>Hi {{ resident.firstName | optional }},</p>
<p>The block has been lifted. Your network and your password are the same as before; your devices connect by themselves within a few minutes.</p>
<p>A device stays offline? Turn its Wi-Fi off and on again.</p>`,
      sms: '{{ property.name }}: your Wi-Fi works again. Same network, same password.',
    },
    es: {
      subject: 'Tu Wi-Fi en {{ property.name }} vuelve a funcionar',
      preheader: 'La misma red y la misma contraseña. Gracias.',
      body: `<h2>Tu Wi-Fi vuelve a funcionar</h2>
<p>Hola {{ resident.firstName | optional }}:</p>
<p>El bloqueo se ha levantado. La red y la contraseña son las de antes; tus dispositivos se conectarán solos en unos minutos.</p>
<p>¿Algún dispositivo sigue sin conexión? Apaga y enciende su Wi-Fi.</p>`,
      sms: '{{ property.name }}: tu Wi-Fi vuelve a funcionar. La misma red y la misma contraseña.',
    },
    fr: {
      subject: 'Votre Wi-Fi à {{ property.name }} fonctionne à nouveau',
      preheader: 'Même réseau, même mot de passe. Merci.',
      body: `<h2>Votre Wi-Fi fonctionne à nouveau</h2>
<p>Bonjour {{ resident.firstName | optional }},</p>
<p>Le blocage est levé. Le réseau et le mot de passe sont les mêmes qu’avant ; vos appareils se reconnectent seuls en quelques minutes.</p>
<p>Un appareil reste hors ligne ? Désactivez puis réactivez son Wi-Fi.</p>`,
      sms: '{{ property.name }} : votre Wi-Fi fonctionne à nouveau. Même réseau, même mot de passe.',
    },
  },
});
