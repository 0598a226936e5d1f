import { decodeForm } from './form.js';

describe('forms as the SDKs of Stripe encode them', () => {
  it.each([
    ['amount=100&confirm=true', { amount: '100', confirm: 'true' }],
    ['metadata[appointment_id]=a%20b&metadata[x]=', { metadata: { appointment_id: 'a b', x: '' } }],
    ['expand[0]=latest_charge&expand[1]=customer', { expand: ['latest_charge', 'customer'] }],
    ['expand[]=latest_charge&expand[]=customer', { expand: ['latest_charge', 'customer'] }],
    ['created[gte]=1&created[lt]=2', { created: { gte: '1', lt: '2' } }],
    ['items[0][price]=1&items[1][price]=2', { items: [{ price: '1' }, { price: '2' }] }],
    ['', {}],
  ])('%s is read', (text, form) => {
    expect(decodeForm(text)).toEqual(form);
  });

  it('a name cannot reach into the prototype of all objects', () => {
    decodeForm('__proto__[polluted]=yes&a[__proto__][polluted]=yes');
    expect(({} as { polluted?: string }).polluted).toBeUndefined();
  });
});
