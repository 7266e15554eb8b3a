// Where the editor stands.
export const RULES_PATH = '/lifecycle/rules';
