// The words in use of the plan editor.
export { editor } from './en-editor';
