// What the house style says and a machine can check. No rule is a warning.
import js from '@eslint/js';
import globals from 'globals';
import tseslint from 'typescript-eslint';

const bannedName =
  '/(Service|Manager|Helper|Helpers|Util|Utils|Handler|Impl|Dto|DTO)$|^Base[A-Z]|^I[A-Z][a-z]/';
const declarations = [
  'ClassDeclaration',
  'TSInterfaceDeclaration',
  'TSTypeAliasDeclaration',
  'TSEnumDeclaration',
];

const bannedNames = declarations.map((declaration) => ({
  selector: `${declaration} > Identifier.id[name=${bannedName}]`,
  message:
    'Name what it is or does: Service, Manager, Helper, Util, Handler, Base, Impl, Dto and I... say nothing.',
}));

const sandboxControl = {
  selector: ':matches(Literal[value=/_sandbox/], TemplateElement[value.raw=/_sandbox/])',
  message: 'The sandbox controls the outside world: product code never reads or moves it.',
};

const ownClock = [
  {
    selector: "NewExpression[callee.name='Date'][arguments.length=0]",
    message: 'What time it is comes in as an argument (`now`).',
  },
  {
    selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']",
    message: 'What time it is comes in as an argument (`now`).',
  },
];

const environment = {
  selector: "MemberExpression[object.name='process'][property.name='env']",
  message: 'Only main.ts, migrate.ts and config.ts read the environment.',
};

const skippedTests = [
  {
    selector:
      'MemberExpression[object.name=/^(it|test|describe)$/][property.name=/^(skip|only|todo|failing)$/]',
    message: 'Every test runs.',
  },
  {
    selector: 'CallExpression[callee.name=/^(xit|xtest|xdescribe|fit|fdescribe)$/]',
    message: 'Every test runs.',
  },
];

/** `no-restricted-syntax` is one rule: a later block replaces an earlier one, so each names its whole list. */
const restrict = (...rules) => ({
  'no-restricted-syntax': ['error', ...bannedNames, ...skippedTests, ...rules.flat()],
});

const specs = ['**/*.spec.ts', 'e2e/**/*.ts'];
/** What only specs and measurements use: it may be as long as it likes to set up, and stands outside the product. */
const testSupport = [
  '**/src/testing/**/*.ts',
  '**/*.{contract,worker,fixtures}.ts',
  '**/spec-*.ts',
  '**/bench/**/*.ts',
];
const outside = ['apps/sandbox/**/*.ts', 'libs/testing/**/*.ts', 'tools/**/*.ts', ...testSupport, ...specs];

export default tseslint.config(
  { ignores: ['node_modules/', 'dist/', '.caregraph/', '.nx/', 'coverage/', '**/*.d.mts'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.strictTypeChecked, ...tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      // Entities of MikroORM and classes for type-graphql carry decorators or nothing at all.
      '@typescript-eslint/no-extraneous-class': ['error', { allowEmpty: true, allowWithDecorator: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // `() => true` as a type function and short arrows that return nothing read well.
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidOperator: true },
      ],
      '@typescript-eslint/no-meaningless-void-operator': 'off',
      // A type parameter that only names what comes back is how queries and fixtures are typed.
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      '@typescript-eslint/unified-signatures': 'off',
      // Classes with type-graphql's decorators are shapes: a literal, or a copy with one field changed, is as good.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      '@typescript-eslint/no-misused-spread': 'off',
      // It would have us write the `!` that is forbidden.
      '@typescript-eslint/non-nullable-type-assertion-style': 'off',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'max-lines': ['error', { max: 250 }],
      'max-lines-per-function': ['error', { max: 60, skipComments: true, skipBlankLines: true }],
      complexity: ['error', 10],
      'no-console': 'error',
      'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx', 'hack'], location: 'start' }],
      ...restrict(environment, sandboxControl),
    },
  },
  // A noun's own file is pure: no clock of its own.
  {
    files: ['apps/*/src/**/*.ts', 'libs/{contracts,time}/src/**/*.ts'],
    rules: restrict(environment, sandboxControl, ownClock),
  },
  // Tokens, limits and signatures keep real time; these apps and files stand at the edge.
  {
    files: ['apps/gateway/src/**/*.ts', 'apps/*/src/{main,server}.ts'],
    rules: restrict(environment, sandboxControl),
  },
  { files: ['apps/*/src/{config,main,migrate}.ts'], rules: restrict(sandboxControl) },
  { files: ['libs/runtime/src/clock.ts'], rules: restrict(environment) },
  // It is in nothing that is shipped.
  { files: ['libs/runtime/src/planted.ts'], rules: restrict(sandboxControl) },
  { files: outside, rules: { ...restrict(), 'no-console': 'off' } },
  {
    files: specs,
    rules: {
      'max-lines': 'off',
      'max-lines-per-function': 'off',
      // `expect(thing.method)` and fixtures with `!` are safe where the next line fails the test.
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  {
    files: ['**/*.mjs', '**/*.cjs'],
    languageOptions: { globals: globals.node },
    rules: { 'no-unused-vars': ['error', { argsIgnorePattern: '^_' }] },
  },
);
