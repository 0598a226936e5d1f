// The templates of messages: files in a folder per language, compiled once at start. HTML is escaped, text is not.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import Handlebars from 'handlebars';
import { oneLine } from './wording.policy.js';

const formats = ['subject', 'text', 'html'] as const;
type Format = (typeof formats)[number];

export interface Rendered {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

export interface Templates {
  readonly names: readonly string[];
  /** The language that a reader of this one (BCP 47) gets, and the locale in which his dates are written. */
  languageFor(language: string, name: string): { readonly language: string; readonly locale: string };
  /** Throws when a template names a fact that is missing. */
  render(name: string, language: string, facts: object): Rendered;
}

/** Everybody understands it, or knows somebody who does. */
const fallback = 'en';

/** Beside the bundle, or two folders up from this source. */
export function templatesFolder(from = import.meta.dirname): string {
  const folders = [path.join(from, 'templates'), path.join(from, '..', '..', 'templates')];
  const found = folders.find((folder) => existsSync(path.join(folder, fallback)));
  if (!found) throw new Error(`There are no templates in ${folders.join(' or ')}.`);
  return found;
}

/** Reads `<folder>/<language>/<name>.{subject,text,html}.hbs`; names that begin with `_` are parts of others. */
export function loadTemplates(folder = templatesFolder()): Templates {
  const languages = new Map(
    readdirSync(folder).map((language) => [language, readLanguage(path.join(folder, language))]),
  );
  const known = languages.get(fallback);
  if (!known) throw new Error(`There are no templates in ${fallback}.`);

  const languageFor: Templates['languageFor'] = (wanted, name) => {
    const [base = fallback] = wanted.split('-');
    const language = [wanted, base].find((each) => languages.get(each)?.has(`${name}.subject`)) ?? fallback;
    // A German reader of English words gets English dates; an English one of any country those of his country.
    return { language, locale: language === wanted || language === base ? wanted : language };
  };
  return {
    names: [...known.keys()].flatMap((key) =>
      key.endsWith('.subject') ? [key.slice(0, -'.subject'.length)] : [],
    ),
    languageFor,
    render: (name, language, facts) => {
      const templates = languages.get(language);
      const part = (format: Format): string => {
        const template = templates?.get(`${name}.${format}`);
        if (!template) throw new Error(`There is no template ${name}.${format} in ${language}.`);
        return template(facts);
      };
      return { subject: oneLine(part('subject')), text: part('text'), html: part('html') };
    },
  };
}

function readLanguage(folder: string): Map<string, Handlebars.TemplateDelegate> {
  const handlebars = Handlebars.create();
  const templates = new Map<string, Handlebars.TemplateDelegate>();
  for (const file of readdirSync(folder).sort()) {
    const match = /^(\w+)\.(subject|text|html)\.hbs$/.exec(file);
    if (!match) throw new Error(`${path.join(folder, file)} is not named <name>.{subject,text,html}.hbs.`);
    const [, name = '', format = ''] = match;
    const source = readFileSync(path.join(folder, file), 'utf8');
    // Strict: a misspelt fact is an error at the first test, not a hole in somebody's mail.
    const options = { noEscape: format !== 'html', strict: true, preventIndent: true };
    if (name.startsWith('_'))
      handlebars.registerPartial(`${name}.${format}`, handlebars.compile(source, options));
    else templates.set(`${name}.${format}`, handlebars.compile(source, options));
  }
  for (const key of templates.keys()) {
    const name = key.slice(0, key.indexOf('.'));
    for (const format of formats) {
      if (!templates.has(`${name}.${format}`)) throw new Error(`${folder} lacks ${name}.${format}.hbs.`);
    }
  }
  return templates;
}
