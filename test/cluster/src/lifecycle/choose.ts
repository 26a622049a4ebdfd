/** What says where the demo and the tests run. */
export interface ChoiceFacts {
  readonly kubeconfig: string | undefined;
  /** A registry prefix that has our images: `registry.example/motif`. */
  readonly images: string | undefined;
  /** Whether `kind version` works. */
  readonly kind: boolean;
  /** Whether `docker info` answers. */
  readonly docker: boolean;
  /** Tests that stop parts or take nodes away always use the embedded cluster. */
  readonly breaks: boolean;
}

export type Choice =
  | { readonly use: 'embedded' }
  | { readonly use: 'kubeconfig'; readonly path: string; readonly images: string | undefined }
  | { readonly use: 'kind' };

/** Where to run, by DESIGN §7: one's own cluster where it is named, else kind where it works, else the embedded one. */
export function chooseCluster({ kubeconfig, images, kind, docker, breaks }: ChoiceFacts): Choice {
  if (breaks) return { use: 'embedded' };
  if (kubeconfig) return { use: 'kubeconfig', path: kubeconfig, images };
  if (kind && docker) return { use: 'kind' };
  return { use: 'embedded' };
}

/** One sentence that says what was chosen and why. */
export function explainChoice(choice: Choice): string {
  switch (choice.use) {
    case 'kubeconfig': {
      const from = choice.images
        ? `images come from ${choice.images}`
        : 'images come from the chart’s registry (set MOTIF_IMAGES for another)';
      return `using the cluster of MOTIF_KUBECONFIG=${choice.path}; ${from}`;
    }
    case 'kind':
      return 'using kind, which is installed here and whose docker answers';
    case 'embedded':
      return 'using the embedded cluster: a real Kubernetes that runs on this machine alone';
  }
}
