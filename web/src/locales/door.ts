export { door } from './en-door';
