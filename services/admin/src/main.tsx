import '@fontsource-variable/inter/wght.css';
import '@fontsource-variable/jetbrains-mono/wght.css';
import './app/kit.css';
import './app/tokens.css';
import './app/base.css';
import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Provider } from 'urql';
import { router } from './app/router.js';
import { colorScheme, theme } from './app/theme.js';
import { client } from './graphql/client.js';
import { watchVisibility } from './graphql/connection.js';

watchVisibility(document);

/** The gateway writes it into the page; the few style elements that the kit makes carry it. */
const styleNonce = (): string =>
  document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';

const place = document.getElementById('root');
if (!place) throw new Error('The document has no root element.');

createRoot(place).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      colorSchemeManager={colorScheme}
      defaultColorScheme="auto"
      withCssVariables={false}
      withGlobalClasses={false}
      getStyleNonce={styleNonce}
    >
      <Provider value={client}>
        <RouterProvider router={router} />
        <Notifications position="bottom-right" limit={4} />
      </Provider>
    </MantineProvider>
  </StrictMode>,
);
