export const funnels = {
  title: 'Funnels',
};
