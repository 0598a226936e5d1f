import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { loadTemplates, templatesFolder } from './templates.js';

const facts = {
  language: 'en',
  name: 'Pat',
  practice: 'Harbor <b>Family</b> Health',
  provider: 'Dr. Reyes & Sons',
  location: 'Harbor Street',
  address: '12 Harbor Street',
  bookingNumber: 'CG-20261201-A7B3C',
  when: { date: 'Tuesday, December 1, 2026', time: '10:00 AM EST', today: false, tomorrow: true },
  answerBefore: { date: 'Monday, November 30, 2026', time: '10:00 AM EST', today: false, tomorrow: false },
  refund: { all: false, none: false, percent: '50' },
  nothingDue: false,
  byPatient: true,
  link: 'https://app.example/appointments/1',
  paymentLink: 'https://app.example/appointments/1/payment',
};

describe('the templates', () => {
  const templates = loadTemplates();
  const scratch: string[] = [];
  const copyOfTemplates = (): string => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'templates-'));
    scratch.push(folder);
    cpSync(templatesFolder(), path.join(folder, 'templates'), { recursive: true });
    return path.join(folder, 'templates');
  };
  afterAll(() => {
    for (const folder of scratch) rmSync(folder, { recursive: true });
  });

  it.each(templates.names)(
    '%s has subject, text and HTML with time, place, number and a deep link',
    (name) => {
      const { subject, text, html } = templates.render(name, 'en', facts);
      expect(subject).toMatch(/^\S[^\r\n]+\S$/);
      for (const part of [text, html]) {
        expect(part).toContain('Tuesday, December 1, 2026, 10:00 AM EST');
        expect(part).toContain('CG-20261201-A7B3C');
        expect(part).toContain('https://app.example/appointments/1');
        expect(part).not.toMatch(/\{\{|\}\}|undefined|null|\[object/);
      }
      expect(text).not.toMatch(/\n{3}/);
    },
  );

  it('say in the subject what to do', () => {
    const subject = (name: string, more: object = {}): string =>
      templates.render(name, 'en', { ...facts, ...more }).subject;
    expect(subject('new_booking_request')).toBe('New booking request: action required');
    expect(subject('booking_confirmed_patient')).toBe('Your appointment is confirmed');
    expect(subject('booking_expired_patient')).toBe('Request expired: payment released');
    expect(subject('booking_expired_patient', { nothingDue: true })).toBe('Request expired');
    expect(subject('booking_reminder_patient')).toBe('Reminder: your appointment tomorrow at 10:00 AM EST');
  });

  it('escape HTML in the HTML and nowhere else', () => {
    const { text, html } = templates.render('booking_confirmed_patient', 'en', facts);
    expect(html).toContain('Harbor &lt;b&gt;Family&lt;/b&gt; Health');
    expect(html).toContain('Dr. Reyes &amp; Sons');
    expect(text).toContain('Dr. Reyes & Sons, Harbor <b>Family</b> Health');
  });

  it('promise the share that goes back, and nothing where nothing does', () => {
    const text = (refund: object): string =>
      templates.render('booking_cancelled_patient', 'en', { ...facts, refund }).text;
    expect(text({ all: false, none: false, percent: '50' })).toContain('50% of the amount goes back to you');
    expect(text({ all: false, none: true, percent: null })).toContain('nothing goes back');
    expect(text({ all: true, none: false, percent: null })).toContain('The whole amount goes back');
    expect(text({ all: false, none: false, percent: null })).not.toContain('back to you');
  });

  it('fall back from a country’s language to the language, and from an unknown one to English (NT-032)', () => {
    expect(templates.languageFor('en-GB', 'booking_confirmed_patient')).toEqual({
      language: 'en',
      locale: 'en-GB',
    });
    expect(templates.languageFor('de-CH', 'booking_confirmed_patient')).toEqual({
      language: 'en',
      locale: 'en',
    });
    const folder = copyOfTemplates();
    cpSync(path.join(folder, 'en'), path.join(folder, 'de'), { recursive: true });
    expect(loadTemplates(folder).languageFor('de-CH', 'booking_confirmed_patient')).toEqual({
      language: 'de',
      locale: 'de-CH',
    });
  });

  it('are found beside the bundle too', () => {
    const folder = copyOfTemplates();
    expect(templatesFolder(path.dirname(folder))).toBe(folder);
    expect(() => templatesFolder(os.tmpdir())).toThrow('There are no templates');
  });

  it('stop the start when a part is missing, a name is wrong or a fact is unknown', () => {
    const folder = copyOfTemplates();
    rmSync(path.join(folder, 'en', 'booking_confirmed_patient.html.hbs'));
    expect(() => loadTemplates(folder)).toThrow('booking_confirmed_patient.html.hbs');
    const other = copyOfTemplates();
    writeFileSync(path.join(other, 'en', 'note.md'), '');
    expect(() => loadTemplates(other)).toThrow('note.md');
    const third = copyOfTemplates();
    writeFileSync(path.join(third, 'en', 'booking_confirmed_patient.subject.hbs'), '{{bookingNumer}}');
    expect(() => loadTemplates(third).render('booking_confirmed_patient', 'en', facts)).toThrow(
      'bookingNumer',
    );
  });
});
