// Puts the page for signing in into its document.
import './style/base.css';
import { mount } from 'svelte';
import { Prefs } from './state/prefs.svelte';
import SignIn from './views/SignIn.svelte';

const target = document.getElementById('app');
if (!target) throw new Error('sign-in.html has no element with the id "app".');
document.documentElement.dataset.theme = new Prefs().values.theme;
mount(SignIn, { target });
