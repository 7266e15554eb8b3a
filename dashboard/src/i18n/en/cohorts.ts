export const cohorts = {
  title: 'Cohorts',
};
