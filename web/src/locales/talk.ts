export { talk } from './en-talk';
