export const lifecycle = {
  title: 'Lifecycle',
};
