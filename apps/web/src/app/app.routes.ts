import type { Routes } from '@angular/router';

export const routes: Routes = [
  {
    path: '',
    pathMatch: 'full',
    title: 'Dashboard',
    loadComponent: () => import('./dashboard/dashboard-page').then(({ DashboardPage }) => DashboardPage),
  },
  {
    path: 'files',
    title: 'Files',
    loadComponent: () => import('./files/files-page').then(({ FilesPage }) => FilesPage),
  },
  {
    path: 'trash',
    title: 'Trash',
    loadComponent: () => import('./trash/trash-page').then(({ TrashPage }) => TrashPage),
  },
  {
    path: 'peers',
    title: 'Peers',
    loadComponent: () => import('./peers/peers-page').then(({ PeersPage }) => PeersPage),
  },
  {
    path: 'peers/:id',
    title: 'Files of a peer',
    loadComponent: () => import('./peers/peer-files-page').then(({ PeerFilesPage }) => PeerFilesPage),
  },
  {
    path: 'transfers',
    title: 'Transfers',
    loadComponent: () => import('./transfers/transfers-page').then(({ TransfersPage }) => TransfersPage),
  },
  {
    path: 'settings',
    title: 'Settings',
    loadComponent: () => import('./settings/settings-page').then(({ SettingsPage }) => SettingsPage),
  },
  {
    path: '**',
    title: 'Page not found',
    loadComponent: () => import('./shell/not-found-page').then(({ NotFoundPage }) => NotFoundPage),
  },
];
