import { mount } from 'svelte';
import App from './App.svelte';
import { takeToken } from './lib/api';
import { follow } from './lib/route.svelte';
import './app.css';

takeToken();
follow();
mount(App, { target: document.getElementById('page')! });
