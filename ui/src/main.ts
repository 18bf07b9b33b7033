// Puts the page into the document.
import './style/base.css';
import { mount } from 'svelte';
import Page from './views/Page.svelte';

const target = document.getElementById('app');
if (!target) throw new Error('index.html has no element with the id "app".');
mount(Page, { target });
