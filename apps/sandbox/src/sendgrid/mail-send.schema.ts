// The body of POST /v3/mail/send: every name SendGrid knows, and no other.
import { z } from 'zod';

const person = z.strictObject({
  email: z.email({ message: 'Does not contain a valid address.' }),
  name: z.string().optional(),
});
const people = z.array(person).min(1).max(1_000);
const words = z.string().min(1);
const args = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));
const settings = z.record(z.string(), z.looseObject({ enable: z.boolean().optional() }));

const personalization = z.strictObject({
  from: person.optional(),
  to: people,
  cc: people.optional(),
  bcc: people.optional(),
  subject: words.optional(),
  headers: z.record(z.string(), z.string()).optional(),
  substitutions: z.record(z.string(), z.string()).optional(),
  dynamic_template_data: z.record(z.string(), z.unknown()).optional(),
  custom_args: args.optional(),
});

const attachment = z.strictObject({
  content: words,
  filename: words,
  type: words.optional(),
  disposition: z.enum(['inline', 'attachment']).optional(),
  content_id: z.string().optional(),
});

/** `send_at` is left out on purpose: the sandbox sends at once, and a schedule that is ignored would be a lie. */
export const mailSendBody = z
  .strictObject({
    personalizations: z.array(personalization).min(1).max(1_000),
    from: person,
    reply_to: person.optional(),
    reply_to_list: people.optional(),
    subject: words.optional(),
    content: z
      .array(z.strictObject({ type: words, value: words }))
      .min(1)
      .optional(),
    attachments: z.array(attachment).optional(),
    template_id: words.optional(),
    headers: z.record(z.string(), z.string()).optional(),
    categories: z.array(z.string().max(255)).max(10).optional(),
    custom_args: args.optional(),
    batch_id: words.optional(),
    asm: z
      .strictObject({ group_id: z.int(), groups_to_display: z.array(z.int()).max(25).optional() })
      .optional(),
    ip_pool_name: z.string().min(2).max(64).optional(),
    mail_settings: settings.optional(),
    tracking_settings: settings.optional(),
  })
  .refine((mail) => mail.content ?? mail.template_id, {
    path: ['content'],
    message: 'Unless a valid template_id is provided, the content parameter is required.',
  })
  .refine(
    (mail) => mail.subject ?? mail.template_id ?? mail.personalizations.every(({ subject }) => subject),
    {
      path: ['subject'],
      message:
        'The subject is required. You can get around this requirement if you use a template with a subject defined.',
    },
  );

export type MailSendBody = z.infer<typeof mailSendBody>;
