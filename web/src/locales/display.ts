export { display } from './en-display';
