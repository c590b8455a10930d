// SPDX-License-Identifier: Apache-2.0
/** The API as types. Written by `node test/tools/reference.ts` from the sources. Change those, not this file. */
export interface paths {
 "/healthz": {
  /** The process answers */
  get: {
   responses: {
    200: {
     content: {
      "application/json": {
       /** @enum {unknown} */
       status: "ok";
      };
     };
    };
   };
  };
 };
 "/metrics": {
  /** Figures for Prometheus: of the installation with system.read, of hosts as far as the caller sees them */
  get: {
   parameters: {
    query?: {
     /** @description Name of the project */
     project?: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": string;
     };
    };
   };
  };
 };
 "/readyz": {
  /** The database answers too, and hosts are let in */
  get: {
   responses: {
    200: {
     content: {
      "application/json": {
       /** @enum {unknown} */
       status: "ok";
      };
     };
    };
   };
  };
 };
 "/v1/access/bindings": {
  /** List the bindings that you may read, your own among them */
  get: {
   parameters: {
    query?: {
     principal?: string;
     project?: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       bindings: {
        /** @description RFC 3339, UTC */
        createdAt: string;
        createdBy: string;
        /** @enum {unknown} */
        effect: "allow" | "deny";
        group?: string;
        id: string;
        /** @description Of the principal; in lists only */
        name?: string;
        principal?: string;
        role: string;
        scope: {
         labels?: {
          key: string;
          value: string;
         }[];
         project?: string;
         sites?: string[];
        };
       }[];
      };
     };
    };
   };
  };
  /** Give a role to a person or a group, or deny it them: in the installation, a project, or for some hosts */
  post: {
   parameters: {
    query?: {
     /** @description Why; it is kept in the audit beside your name */
     reason?: string;
    };
   };
   requestBody: {
    content: {
     "application/json": {
      /** @enum {unknown} */
      effect?: "allow" | "deny";
      group?: string;
      principal?: string;
      role: string;
      scope?: {
       labels?: {
        key: string;
        value: string;
       }[];
       project?: string;
       sites?: string[];
      };
     };
    };
   };
   responses: {
    201: {
     content: {
      "application/json": {
       /** @description RFC 3339, UTC */
       createdAt: string;
       createdBy: string;
       /** @enum {unknown} */
       effect: "allow" | "deny";
       group?: string;
       id: string;
       /** @description Of the principal; in lists only */
       name?: string;
       principal?: string;
       role: string;
       scope: {
        labels?: {
         key: string;
         value: string;
        }[];
        project?: string;
        sites?: string[];
       };
      };
     };
    };
   };
  };
 };
 "/v1/access/bindings/{binding}": {
  /** Remove a binding */
  delete: {
   parameters: {
    query?: {
     /** @description Why; it is kept in the audit beside your name */
     reason?: string;
    };
    path: {
     binding: string;
    };
   };
   responses: {
    204: {
     content?: never;
    };
   };
  };
 };
 "/v1/access/explain": {
  /** Why somebody may do something, or what is missing; about oneself anybody may ask */
  get: {
   parameters: {
    query: {
     host?: string;
     permission: "host.read" | "host.label" | "host.operate" | "host.change" | "host.access" | "host.destroy" | "host.admit" | "inventory.read" | "inventory.write" | "token.read" | "token.write" | "event.read" | "audit.read" | "access.read" | "access.write" | "project.read" | "project.write" | "webhook.read" | "webhook.write" | "system.read" | "system.write";
     principal?: string;
     project?: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       allowed: boolean;
       missing?: string;
       permission: string;
       principal: string;
       reasons: {
        decides: boolean;
        /** @enum {unknown} */
        effect: "allow" | "deny";
        grant: string;
        says: string;
       }[];
      };
     };
    };
   };
  };
 };
 "/v1/access/invites": {
  /** Use an invitation: set your password, then sign in with it */
  post: {
   requestBody: {
    content: {
     "application/json": {
      password: string;
      secret: string;
     };
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       login: string;
      };
     };
    };
   };
  };
 };
 "/v1/access/people": {
  /** List people: all of them, or those with a role in projects whose access you may read */
  get: {
   responses: {
    200: {
     content: {
      "application/json": {
       people: {
        /** @description RFC 3339, UTC */
        createdAt: string;
        disabled: boolean;
        id: string;
        kind: string;
        login?: string;
        name: string;
        /** @description Whether one was set */
        password: boolean;
        /** @description What the account carries itself, beside its bindings */
        role: string;
        /** @description RFC 3339, UTC */
        signedInAt?: string;
        /** @description Whether a second factor is in force */
        totp: boolean;
       }[];
      };
     };
    };
   };
  };
  /** Add a person; they set their password with an invitation */
  post: {
   parameters: {
    query?: {
     /** @description Why; it is kept in the audit beside your name */
     reason?: string;
    };
   };
   requestBody: {
    content: {
     "application/json": {
      name: string;
      project?: string;
      role?: string;
     };
    };
   };
   responses: {
    201: {
     content: {
      "application/json": {
       /** @description RFC 3339, UTC */
       createdAt: string;
       disabled: boolean;
       id: string;
       kind: string;
       login?: string;
       name: string;
       /** @description Whether one was set */
       password: boolean;
       /** @description What the account carries itself, beside its bindings */
       role: string;
       /** @description RFC 3339, UTC */
       signedInAt?: string;
       /** @description Whether a second factor is in force */
       totp: boolean;
      };
     };
    };
   };
  };
 };
 "/v1/access/people/{person}": {
  /** Forget somebody, with their tokens, sessions and bindings */
  delete: {
   parameters: {
    query?: {
     /** @description Why; it is kept in the audit beside your name */
     reason?: string;
    };
    path: {
     person: string;
    };
   };
   responses: {
    204: {
     content?: never;
    };
   };
  };
 };
 "/v1/access/people/{person}/disable": {
  /** Let somebody in no more; their sessions and tokens end */
  post: {
   parameters: {
    query?: {
     /** @description Why; it is kept in the audit beside your name */
     reason?: string;
    };
    path: {
     person: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       /** @description RFC 3339, UTC */
       createdAt: string;
       disabled: boolean;
       id: string;
       kind: string;
       login?: string;
       name: string;
       /** @description Whether one was set */
       password: boolean;
       /** @description What the account carries itself, beside its bindings */
       role: string;
       /** @description RFC 3339, UTC */
       signedInAt?: string;
       /** @description Whether a second factor is in force */
       totp: boolean;
      };
     };
    };
   };
  };
 };
 "/v1/access/people/{person}/enable": {
  /** Let somebody in again */
  post: {
   parameters: {
    query?: {
     /** @description Why; it is kept in the audit beside your name */
     reason?: string;
    };
    path: {
     person: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       /** @description RFC 3339, UTC */
       createdAt: string;
       disabled: boolean;
       id: string;
       kind: string;
       login?: string;
       name: string;
       /** @description Whether one was set */
       password: boolean;
       /** @description What the account carries itself, beside its bindings */
       role: string;
       /** @description RFC 3339, UTC */
       signedInAt?: string;
       /** @description Whether a second factor is in force */
       totp: boolean;
      };
     };
    };
   };
  };
 };
 "/v1/access/people/{person}/invite": {
  /** A one-time link with which somebody sets their password; earlier ones are good no more */
  post: {
   parameters: {
    path: {
     person: string;
    };
   };
   responses: {
    201: {
     content: {
      "application/json": {
       /** @description RFC 3339, UTC */
       expiresAt: string;
       link: string;
       secret: string;
      };
     };
    };
   };
  };
 };
 "/v1/access/people/{person}/password": {
  /** Set your password; all your sessions end. Somebody else gets an invitation instead */
  put: {
   parameters: {
    path: {
     person: string;
    };
   };
   requestBody: {
    content: {
     "application/json": {
      current?: string;
      password: string;
     };
    };
   };
   responses: {
    204: {
     content?: never;
    };
   };
  };
 };
 "/v1/access/people/{person}/totp": {
  /** Take away the second factor of somebody who lost it; their sessions end */
  delete: {
   parameters: {
    query?: {
     /** @description Why; it is kept in the audit beside your name */
     reason?: string;
    };
    path: {
     person: string;
    };
   };
   responses: {
    204: {
     content?: never;
    };
   };
  };
 };
 "/v1/access/roles": {
  /** List roles */
  get: {
   responses: {
    200: {
     content: {
      "application/json": {
       roles: {
        builtIn: boolean;
        description: string;
        name: string;
        permissions: string[];
       }[];
      };
     };
    };
   };
  };
  /** Add a role; it may hold no more than you have yourself */
  post: {
   parameters: {
    query?: {
     /** @description Why; it is kept in the audit beside your name */
     reason?: string;
    };
   };
   requestBody: {
    content: {
     "application/json": {
      description?: string;
      name: string;
      permissions: ("host.read" | "host.label" | "host.operate" | "host.change" | "host.access" | "host.destroy" | "host.admit" | "inventory.read" | "inventory.write" | "token.read" | "token.write" | "event.read" | "audit.read" | "access.read" | "access.write" | "project.read" | "project.write" | "webhook.read" | "webhook.write" | "system.read" | "system.write")[];
     };
    };
   };
   responses: {
    201: {
     content: {
      "application/json": {
       builtIn: boolean;
       description: string;
       name: string;
       permissions: string[];
      };
     };
    };
   };
  };
 };
 "/v1/access/roles/{role}": {
  /** Remove a role that no binding uses */
  delete: {
   parameters: {
    query?: {
     /** @description Why; it is kept in the audit beside your name */
     reason?: string;
    };
    path: {
     role: string;
    };
   };
   responses: {
    204: {
     content?: never;
    };
   };
  };
 };
 "/v1/access/sessions": {
  /** Sessions: your own, or everybody’s with `all` */
  get: {
   parameters: {
    query?: {
     all?: boolean;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       sessions: {
        address: string;
        agent: string;
        /** @description RFC 3339, UTC */
        createdAt: string;
        /** @description The one that asks */
        current: boolean;
        /** @description RFC 3339, UTC */
        expiresAt: string;
        id: string;
        method: string;
        principal: string;
        /** @description RFC 3339, UTC */
        usedAt: string;
       }[];
      };
     };
    };
   };
  };
 };
 "/v1/access/sessions/{session}": {
  /** End a session: one of your own, or anybody’s with access.write */
  delete: {
   parameters: {
    query?: {
     /** @description Why; it is kept in the audit beside your name */
     reason?: string;
    };
    path: {
     session: string;
    };
   };
   responses: {
    204: {
     content?: never;
    };
   };
  };
 };
 "/v1/access/tokens": {
  /** List API tokens: everybody’s for those who may read access, your own otherwise */
  get: {
   responses: {
    200: {
     content: {
      "application/json": {
       tokens: {
        /** @description RFC 3339, UTC */
        createdAt: string;
        /** @description RFC 3339, UTC */
        expiresAt: string;
        hosts?: unknown;
        id: string;
        /** @description RFC 3339, UTC */
        lastUsedAt?: string;
        name: string;
        networks?: string[];
        permissions?: string[];
        principal: string;
        project?: string;
        role: string;
       }[];
      };
     };
    };
   };
  };
  /** Make an API token; its secret is shown once, and it never does more than you could yourself */
  post: {
   parameters: {
    query?: {
     /** @description Why; it is kept in the audit beside your name */
     reason?: string;
    };
   };
   requestBody: {
    content: {
     "application/json": {
      expiresInMs: number;
      hosts?: {
       labels?: {
        key: string;
        value: string;
       }[];
       sites?: string[];
      };
      name: string;
      networks?: string[];
      permissions?: ("host.read" | "host.label" | "host.operate" | "host.change" | "host.access" | "host.destroy" | "host.admit" | "inventory.read" | "inventory.write" | "token.read" | "token.write" | "event.read" | "audit.read" | "access.read" | "access.write" | "project.read" | "project.write" | "webhook.read" | "webhook.write" | "system.read" | "system.write")[];
      /** @description Name of the project */
      project?: string;
      /** @enum {unknown} */
      role?: "viewer" | "operator" | "engineer" | "manager" | "security" | "admin";
     };
    };
   };
   responses: {
    201: {
     content: {
      "application/json": {
       /** @description RFC 3339, UTC */
       expiresAt: string;
       id: string;
       token: string;
      };
     };
    };
   };
  };
 };
 "/v1/access/tokens/{token}": {
  /** Revoke an API token: one of your own, or anybody’s with access.write */
  delete: {
   parameters: {
    query?: {
     /** @description Why; it is kept in the audit beside your name */
     reason?: string;
    };
    path: {
     token: string;
    };
   };
   responses: {
    204: {
     content?: never;
    };
   };
  };
 };
 "/v1/access/totp": {
  /** Begin with a second factor: a secret for your authenticator */
  post: {
   requestBody: {
    content: {
     "application/json": {
      password: string;
     };
    };
   };
   responses: {
    201: {
     content: {
      "application/json": {
       secret: string;
       uri: string;
      };
     };
    };
   };
  };
 };
 "/v1/access/totp/confirm": {
  /** Put the second factor in force; recovery codes are shown once */
  post: {
   requestBody: {
    content: {
     "application/json": {
      code: string;
     };
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       recoveryCodes: string[];
      };
     };
    };
   };
  };
 };
 "/v1/audit": {
  /** Read the audit of a project or of the installation */
  get: {
   parameters: {
    query?: {
     /** @description an action, or the words it begins with */
     action?: string;
     /** @description entries with a higher number */
     after?: number;
     /** @description entries with a lower number */
     before?: number;
     chain?: string;
     /** @description what deleted projects of that name have left too; for the installation only */
     custody?: boolean;
     limit?: number;
     /** @description which come first; oldest when left out */
     order?: "oldest" | "newest";
     outcome?: "done" | "refused";
     /** @description id or name of whoever did it */
     principal?: string;
     /** @description Name of the project */
     project?: string;
     /** @description RFC 3339: then or later */
     since?: string;
     /** @description what it was done to, or what that is a part of */
     target?: string;
     /** @description RFC 3339: before */
     until?: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       chains: string[];
       entries: {
        action: string;
        /** @description RFC 3339, UTC */
        at: string;
        chain: string;
        detail?: unknown;
        hash: string;
        n: number;
        /** @description what the principal is called now; no part of what is hashed */
        name?: string;
        outcome: string;
        prev: string;
        principal: {
         address?: string;
         id: string;
         kind: string;
         via: string;
        };
        reason?: string;
        request?: string;
        target: string;
       }[];
       /** @description more of them follow in this order */
       hasNext: boolean;
      };
     };
    };
   };
  };
 };
 "/v1/audit/actions": {
  /** List the actions that stand in a chain */
  get: {
   parameters: {
    query?: {
     chain?: string;
     /** @description what deleted projects of that name have left too; for the installation only */
     custody?: boolean;
     /** @description Name of the project */
     project?: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       actions: string[];
      };
     };
    };
   };
  };
 };
 "/v1/audit/export": {
  /** Export a chain as NDJSON, sealed up to now */
  get: {
   parameters: {
    query?: {
     chain?: string;
     /** @description what deleted projects of that name have left too; for the installation only */
     custody?: boolean;
     /** @description Name of the project */
     project?: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": string;
     };
    };
   };
  };
 };
 "/v1/audit/key": {
  /** The key that signs checkpoints */
  get: {
   responses: {
    200: {
     content: {
      "application/json": {
       kid: string;
       pem: string;
       publicKey: string;
      };
     };
    };
   };
  };
 };
 "/v1/events": {
  /** Watch what happens, as server-sent events */
  get: {
   parameters: {
    query?: {
     after?: number;
     /** @description Id of the host */
     host?: string;
     /** @description Name of the project */
     project?: string;
     /** @description Id of what it is about */
     subject?: string;
     /** @description Event types, or their first words, separated by commas */
     type?: string;
    };
    header?: {
     "last-event-id"?: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": string;
     };
    };
   };
  };
 };
 "/v1/events/types": {
  /** List the types of events */
  get: {
   responses: {
    200: {
     content: {
      "application/json": {
       types: {
        data: unknown;
        subject: string;
        title: string;
        type: string;
       }[];
      };
     };
    };
   };
  };
 };
 "/v1/me": {
  /** Who you are here, and with `project` what you may do there */
  get: {
   parameters: {
    query?: {
     /** @description Name of the project */
     project?: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       here?: {
        /** @description What holds for some of its hosts only */
        onSomeHosts?: string[];
        /** @description What holds in the project as a whole */
        permissions: string[];
        project: string;
        roles: string[];
       };
       id: string;
       kind: string;
       name: string;
       permissions: string[];
       role: string;
      };
     };
    };
   };
  };
 };
 "/v1/orchestrator": {
  /** Which features this installation has */
  get: {
   responses: {
    200: {
     content: {
      "application/json": {
       orchestrator: {
        features: {
         "application-orchestration": {
          installed: boolean;
         };
         "cluster-orchestration": {
          installed: boolean;
         };
         "edge-infrastructure-manager": {
          day2: {
           installed: boolean;
          };
          installed: boolean;
          onboarding: {
           installed: boolean;
          };
          oob: {
           installed: boolean;
          };
          "oxm-profile": {
           installed: boolean;
          };
          provisioning: {
           installed: boolean;
          };
         };
         multitenancy: {
          installed: boolean;
         };
         observability: {
          installed: boolean;
         };
        };
        version: string;
       };
       "schema-version": string;
      };
     };
    };
   };
  };
 };
 "/v1/orgs": {
  /** List the organisations of the projects you may enter */
  get: {
   responses: {
    200: {
     content: {
      "application/json": {
       name: string;
       spec: {
        description: string;
       };
       status: {
        orgStatus: {
         message: string;
         /** @enum {unknown} */
         statusIndicator: "STATUS_INDICATION_IDLE" | "STATUS_INDICATION_IN_PROGRESS";
         /** @description Unix seconds */
         timeStamp: number;
         /** @description UUID */
         uID: string;
        };
       };
      }[];
     };
    };
   };
  };
 };
 "/v1/orgs/{org}": {
  /** One organisation */
  get: {
   parameters: {
    path: {
     /** @description Name of the organisation */
     org: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       name: string;
       spec: {
        description: string;
       };
       status: {
        orgStatus: {
         message: string;
         /** @enum {unknown} */
         statusIndicator: "STATUS_INDICATION_IDLE" | "STATUS_INDICATION_IN_PROGRESS";
         /** @description Unix seconds */
         timeStamp: number;
         /** @description UUID */
         uID: string;
        };
       };
      };
     };
    };
   };
  };
  /** Make an organisation, or change its description */
  put: {
   parameters: {
    query?: {
     /** @description false: refuse when there is one already; true without it */
     update_if_exists?: boolean;
    };
    path: {
     /** @description Name of the organisation */
     org: string;
    };
   };
   requestBody: {
    content: {
     "application/json": {
      description?: string;
     };
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       message: string;
       name: string;
       spec: {
        description: string;
       };
       status: {
        orgStatus: {
         message: string;
         /** @enum {unknown} */
         statusIndicator: "STATUS_INDICATION_IDLE" | "STATUS_INDICATION_IN_PROGRESS";
         /** @description Unix seconds */
         timeStamp: number;
         /** @description UUID */
         uID: string;
        };
       };
      };
     };
    };
   };
  };
  /** Delete an organisation that owns no project */
  delete: {
   parameters: {
    query?: {
     /** @description Why; it is kept in the audit beside your name */
     reason?: string;
    };
    path: {
     /** @description Name of the organisation */
     org: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       message: string;
      };
     };
    };
   };
  };
 };
 "/v1/packages": {
  /** Packages to install, and how a machine joins */
  get: {
   responses: {
    200: {
     content: {
      "application/json": {
       /** @description When the repository was written last */
       at?: string;
       digests?: {
        /** @description SHA-256, hexadecimal */
        apt: string;
        /** @description SHA-256, hexadecimal */
        root: string;
        /** @description SHA-256, hexadecimal */
        rpm: string;
       };
       join?: {
        /** @description Key, source, install and enroll */
        apt: string[];
        cloudInit: string;
        /** @description Key, source, install and enroll */
        dnf: string[];
       };
       /** @description Fingerprints */
       keys?: {
        apt: string;
        rpm: string;
       };
       packages: {
        /** @enum {unknown} */
        format: "deb" | "rpm";
        name: string;
        summary: string;
        versions: {
         arch: string;
         bytes: number;
         version: string;
        }[];
       }[];
       /** @description Whether there is a repository; without one, there is nothing below */
       published: boolean;
       /** @description SHA-256 of the root of the controller’s certificate */
       rootFingerprint?: string;
       /** @description What stands in the lines for a join token */
       tokenPlace?: string;
       /** @description Address of the controller, as the lines name it */
       url?: string;
       /** @description Until when machines believe it */
       validUntil?: string;
      };
     };
    };
   };
  };
 };
 "/v1/packages/kit": {
  /** Packages, keys and a script as one archive, for machines without a network */
  post: {
   requestBody: {
    content: {
     "application/json": {
      arches?: ("amd64" | "arm64")[];
      formats?: ("deb" | "rpm")[];
      packages?: string[];
      /** @description Join token that lies in the kit */
      token?: string;
     };
    };
   };
   responses: {
    /** @description A tar archive */
    200: {
     content: {
      "application/json": unknown;
     };
    };
   };
  };
 };
 "/v1/projects": {
  /** List the projects you may enter */
  get: {
   responses: {
    200: {
     content: {
      "application/json": {
       name: string;
       spec: {
        description: string;
       };
       status: {
        projectStatus: {
         message: string;
         /** @enum {unknown} */
         statusIndicator: "STATUS_INDICATION_IDLE" | "STATUS_INDICATION_IN_PROGRESS";
         /** @description Unix seconds */
         timeStamp: number;
         /** @description UUID */
         uID: string;
        };
       };
      }[];
     };
    };
   };
  };
 };
 "/v1/projects/{project}": {
  /** One project, also while it is being deleted */
  get: {
   parameters: {
    path: {
     /** @description Name of the project */
     project: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       name: string;
       spec: {
        description: string;
       };
       status: {
        projectStatus: {
         message: string;
         /** @enum {unknown} */
         statusIndicator: "STATUS_INDICATION_IDLE" | "STATUS_INDICATION_IN_PROGRESS";
         /** @description Unix seconds */
         timeStamp: number;
         /** @description UUID */
         uID: string;
        };
       };
      };
     };
    };
   };
  };
  /** Make a project, or change its description and owner */
  put: {
   parameters: {
    query?: {
     /** @description false: refuse when there is one already; true without it */
     update_if_exists?: boolean;
    };
    path: {
     /** @description Name of the project */
     project: string;
    };
   };
   requestBody: {
    content: {
     "application/json": {
      description?: string;
      /** @description Owner; `default` without it */
      org?: string;
     };
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       message: string;
       name: string;
       spec: {
        description: string;
       };
       status: {
        projectStatus: {
         message: string;
         /** @enum {unknown} */
         statusIndicator: "STATUS_INDICATION_IDLE" | "STATUS_INDICATION_IN_PROGRESS";
         /** @description Unix seconds */
         timeStamp: number;
         /** @description UUID */
         uID: string;
        };
       };
      };
     };
    };
   };
  };
  /** Delete a project with everything in it; it goes on after the answer */
  delete: {
   parameters: {
    query?: {
     /** @description Why; it is kept in the audit beside your name */
     reason?: string;
    };
    path: {
     /** @description Name of the project */
     project: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       message: string;
      };
     };
    };
   };
  };
 };
 "/v1/projects/{project}/commands": {
  /** List commands, newest first */
  get: {
   parameters: {
    query?: {
     cursor?: string;
     /** @description Id of the host */
     host?: string;
     limit?: number;
     state?: "queued" | "sent" | "succeeded" | "failed" | "refused" | "expired" | "cancelled";
    };
    path: {
     /** @description Name of the project */
     project: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       commands: {
        /** @description RFC 3339, UTC */
        createdAt: string;
        /** @description RFC 3339, UTC */
        expiresAt: string;
        /** @description RFC 3339, UTC */
        finishedAt?: string;
        /** @description Id of the host */
        host: string;
        id: string;
        input: unknown;
        name: string;
        output?: unknown;
        principal: string;
        problem?: {
         code: string;
         detail?: string;
         fields?: {
          [key: string]: unknown;
         };
         next?: string;
         retry: "never" | "backoff" | {
          afterMs: number;
         };
         status: number;
         title: string;
         type: string;
        };
        reason?: string;
        section: string;
        /** @description RFC 3339, UTC */
        sentAt?: string;
        /** @enum {unknown} */
        state: "queued" | "sent" | "succeeded" | "failed" | "refused" | "expired" | "cancelled";
       }[];
       nextCursor?: string;
      };
     };
    };
   };
  };
 };
 "/v1/projects/{project}/commands/{command}": {
  /** Read a command, waiting for its end if asked */
  get: {
   parameters: {
    query?: {
     waitMs?: number;
    };
    path: {
     command: string;
     /** @description Name of the project */
     project: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       /** @description RFC 3339, UTC */
       createdAt: string;
       /** @description RFC 3339, UTC */
       expiresAt: string;
       /** @description RFC 3339, UTC */
       finishedAt?: string;
       /** @description Id of the host */
       host: string;
       id: string;
       input: unknown;
       name: string;
       output?: unknown;
       principal: string;
       problem?: {
        code: string;
        detail?: string;
        fields?: {
         [key: string]: unknown;
        };
        next?: string;
        retry: "never" | "backoff" | {
         afterMs: number;
        };
        status: number;
        title: string;
        type: string;
       };
       reason?: string;
       section: string;
       /** @description RFC 3339, UTC */
       sentAt?: string;
       /** @enum {unknown} */
       state: "queued" | "sent" | "succeeded" | "failed" | "refused" | "expired" | "cancelled";
      };
     };
    };
   };
  };
 };
 "/v1/projects/{project}/commands/{command}/cancel": {
  /** Cancel a command that still waits */
  post: {
   parameters: {
    path: {
     command: string;
     /** @description Name of the project */
     project: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       /** @description RFC 3339, UTC */
       createdAt: string;
       /** @description RFC 3339, UTC */
       expiresAt: string;
       /** @description RFC 3339, UTC */
       finishedAt?: string;
       /** @description Id of the host */
       host: string;
       id: string;
       input: unknown;
       name: string;
       output?: unknown;
       principal: string;
       problem?: {
        code: string;
        detail?: string;
        fields?: {
         [key: string]: unknown;
        };
        next?: string;
        retry: "never" | "backoff" | {
         afterMs: number;
        };
        status: number;
        title: string;
        type: string;
       };
       reason?: string;
       section: string;
       /** @description RFC 3339, UTC */
       sentAt?: string;
       /** @enum {unknown} */
       state: "queued" | "sent" | "succeeded" | "failed" | "refused" | "expired" | "cancelled";
      };
     };
    };
   };
  };
 };
 "/v1/projects/{project}/compute/hosts/{host}/commands": {
  /** Send a command to a host */
  post: {
   parameters: {
    path: {
     /** @description Id of the host */
     host: string;
     /** @description Name of the project */
     project: string;
    };
   };
   requestBody: {
    content: {
     "application/json": {
      expiresInMs?: number;
      input?: unknown;
      /** @description Name of the section */
      name: string;
      reason?: string;
      /** @description Name of the section */
      section: string;
     };
    };
   };
   responses: {
    202: {
     content: {
      "application/json": {
       /** @description RFC 3339, UTC */
       createdAt: string;
       /** @description RFC 3339, UTC */
       expiresAt: string;
       /** @description RFC 3339, UTC */
       finishedAt?: string;
       /** @description Id of the host */
       host: string;
       id: string;
       input: unknown;
       name: string;
       output?: unknown;
       principal: string;
       problem?: {
        code: string;
        detail?: string;
        fields?: {
         [key: string]: unknown;
        };
        next?: string;
        retry: "never" | "backoff" | {
         afterMs: number;
        };
        status: number;
        title: string;
        type: string;
       };
       reason?: string;
       section: string;
       /** @description RFC 3339, UTC */
       sentAt?: string;
       /** @enum {unknown} */
       state: "queued" | "sent" | "succeeded" | "failed" | "refused" | "expired" | "cancelled";
      };
     };
    };
   };
  };
 };
 "/v1/projects/{project}/compute/hosts/{host}/history": {
  /** Show what a part of a host was, newest first */
  get: {
   parameters: {
    query?: {
     /** @description `next` of the page before: goes on with older ones */
     after?: number;
     limit?: number;
     /** @description status (default), record, presence, section:<name> (what was reported) or desired:<name> */
     part?: string;
    };
    path: {
     /** @description Id of the host */
     host: string;
     /** @description Name of the project */
     project: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       hasMore: boolean;
       next?: number;
       part: string;
       parts: {
        part: string;
        /** @description RFC 3339, UTC */
        since: string;
        values: number;
       }[];
       values: {
        /** @description RFC 3339, UTC */
        at: string;
        /** @description How long it held, up to now for what still does */
        durationMs: number;
        n: number;
        /** @description RFC 3339, UTC */
        until?: string;
        value: unknown;
       }[];
      };
     };
    };
   };
  };
 };
 "/v1/projects/{project}/compute/hosts/{host}/release": {
  /** Let a quarantined host back in */
  put: {
   parameters: {
    path: {
     /** @description Id of the host */
     host: string;
     /** @description Name of the project */
     project: string;
    };
   };
   requestBody: {
    content: {
     "application/json": {
      note: string;
     };
    };
   };
   responses: {
    /** @description EIM host resource; loaded modules add members */
    200: {
     content: {
      "application/json": {
       capabilities: {
        plugin: string;
        section: string;
        supported: boolean;
        version: string;
        why?: string;
       }[];
       /** @description The newest that its machine was given; told where one host is read */
       certificate?: {
        /** @description RFC 3339, UTC */
        expiresAt: string;
        state: string;
       };
       /** @enum {unknown} */
       currentState: "HOST_STATE_REGISTERED" | "HOST_STATE_ONBOARDED" | "HOST_STATE_UNTRUSTED" | "HOST_STATE_DELETED";
       denies: string[];
       /** @enum {unknown} */
       desiredState: "HOST_STATE_REGISTERED" | "HOST_STATE_ONBOARDED" | "HOST_STATE_UNTRUSTED" | "HOST_STATE_DELETED";
       hostname?: string;
       /** @description Empty while the host has never been connected */
       hostStatus: string;
       /** @enum {unknown} */
       hostStatusIndicator: "STATUS_INDICATION_IDLE" | "STATUS_INDICATION_ERROR" | "STATUS_INDICATION_IN_PROGRESS" | "STATUS_INDICATION_UNSPECIFIED";
       /** @description Unix seconds */
       hostStatusTimestamp: number;
       metadata: {
        key: string;
        value: string;
       }[];
       name: string;
       note?: string;
       onboardingStatus: string;
       /** @enum {unknown} */
       onboardingStatusIndicator: "STATUS_INDICATION_IDLE" | "STATUS_INDICATION_ERROR" | "STATUS_INDICATION_IN_PROGRESS" | "STATUS_INDICATION_UNSPECIFIED";
       /** @description Unix seconds */
       onboardingStatusTimestamp: number;
       presence?: {
        address?: string;
        agent?: string;
        bootId?: string;
        clockSkewMs?: number;
        /** @description RFC 3339, UTC */
        lastSeen: string;
        online: boolean;
        reason?: string;
        /** @description RFC 3339, UTC */
        since: string;
        /** @enum {unknown} */
        standing: "active" | "quarantined";
        standingWhy?: string;
        transport?: string;
       };
       registrationStatus: string;
       /** @enum {unknown} */
       registrationStatusIndicator: "STATUS_INDICATION_IDLE" | "STATUS_INDICATION_ERROR" | "STATUS_INDICATION_IN_PROGRESS" | "STATUS_INDICATION_UNSPECIFIED";
       /** @description Unix seconds */
       registrationStatusTimestamp: number;
       /** @description Id of the host */
       resourceId: string;
       serialNumber?: string;
       simulated: boolean;
       timestamps: {
        /** @description RFC 3339, UTC */
        createdAt: string;
        /** @description RFC 3339, UTC */
        updatedAt: string;
       };
       /** @description GB */
       userLvmSize?: number;
       uuid?: string;
      } & {
       [key: string]: unknown;
      };
     };
    };
   };
  };
 };
 "/v1/projects/{project}/compute/hosts/{host}/sections": {
  /** What each section should be and is */
  get: {
   parameters: {
    path: {
     /** @description Id of the host */
     host: string;
     /** @description Name of the project */
     project: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       sections: {
        /** @description RFC 3339, UTC */
        at?: string;
        desiredRevision?: number;
        plugin?: {
         name: string;
         version: string;
        };
        problem?: unknown;
        reportedRevision?: number;
        section: string;
        status?: string;
        title: string;
       }[];
      };
     };
    };
   };
  };
 };
 "/v1/projects/{project}/compute/hosts/{host}/sections/{section}/desired": {
  /** Read a desired document */
  get: {
   parameters: {
    path: {
     /** @description Id of the host */
     host: string;
     /** @description Name of the project */
     project: string;
     /** @description Name of the section */
     section: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       content: unknown;
       revision: number;
       section: string;
       /** @description RFC 3339, UTC */
       updatedAt: string;
       updatedBy: string;
      };
     };
    };
   };
  };
  /** Say what a section should become */
  put: {
   parameters: {
    header?: {
     "if-match"?: string;
    };
    path: {
     /** @description Id of the host */
     host: string;
     /** @description Name of the project */
     project: string;
     /** @description Name of the section */
     section: string;
    };
   };
   requestBody: {
    content: {
     "application/json": {
      content: unknown;
     };
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       content: unknown;
       revision: number;
       section: string;
       /** @description RFC 3339, UTC */
       updatedAt: string;
       updatedBy: string;
      };
     };
    };
   };
  };
  /** Stop managing a section */
  delete: {
   parameters: {
    header?: {
     "if-match"?: string;
    };
    path: {
     /** @description Id of the host */
     host: string;
     /** @description Name of the project */
     project: string;
     /** @description Name of the section */
     section: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       content: unknown;
       revision: number;
       section: string;
       /** @description RFC 3339, UTC */
       updatedAt: string;
       updatedBy: string;
      };
     };
    };
   };
  };
 };
 "/v1/projects/{project}/compute/hosts/{host}/sections/{section}/reported": {
  /** Read what the host last reported */
  get: {
   parameters: {
    path: {
     /** @description Id of the host */
     host: string;
     /** @description Name of the project */
     project: string;
     /** @description Name of the section */
     section: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       /** @description RFC 3339, UTC */
       at: string;
       observed: unknown;
       plugin: {
        name: string;
        version: string;
       };
       problem?: unknown;
       /** @description RFC 3339, UTC */
       receivedAt: string;
       revision: number;
       section: string;
       status: string;
       step?: unknown;
      };
     };
    };
   };
  };
 };
 "/v1/projects/{project}/compute/hosts/{host}/telemetry": {
  /** What a host collects, merged from all profiles that hold for it */
  get: {
   parameters: {
    path: {
     /** @description Id of the host */
     host: string;
     /** @description Name of the project */
     project: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       logs: {
        collectorKind: string;
        from: {
         profileId: string;
         /** @description The instance, site or region that the profile is for */
         targetId: string;
        };
        groupId: string;
        groups: string[];
        logLevel: string;
        name: string;
        /** @description All that ask for the group; `from` has decided */
        profiles: {
         profileId: string;
         /** @description The instance, site or region that the profile is for */
         targetId: string;
        }[];
       }[];
       metrics: {
        collectorKind: string;
        from: {
         profileId: string;
         /** @description The instance, site or region that the profile is for */
         targetId: string;
        };
        groupId: string;
        groups: string[];
        /** @description Seconds */
        metricsInterval: number;
        name: string;
        /** @description All that ask for the group; `from` has decided */
        profiles: {
         profileId: string;
         /** @description The instance, site or region that the profile is for */
         targetId: string;
        }[];
       }[];
       /** @description Where profiles were looked for, the nearest first */
       places: string[];
      };
     };
    };
   };
  };
 };
 "/v1/projects/{project}/compute/hosts/{host}/why": {
  /** Say what keeps a host from its desired state */
  get: {
   parameters: {
    query?: {
     /** @description Name of the section */
     section?: string;
    };
    path: {
     /** @description Id of the host */
     host: string;
     /** @description Name of the project */
     project: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       blockers: {
        /** @description Stable, kebab-case */
        code: string;
        /** @description The equivalent command line */
        command?: string;
        evidence: {
         [key: string]: unknown;
        };
        /** @description What to do about it */
        next: string;
        /** @description Lower ones must be mended first */
        rank: number;
        section?: string;
        /** @description RFC 3339, UTC */
        since?: string;
        title: string;
       }[];
       host: {
        name: string;
        /** @description Id of the host */
        resourceId: string;
       };
       sections: {
        /** @description RFC 3339, UTC */
        at: string;
        desired: number;
        reported: number;
        section: string;
        status: string;
       }[];
       settled: boolean;
      };
     };
    };
   };
  };
 };
 "/v1/projects/{project}/compute/hosts/export": {
  /** Hosts as a file (text/csv, EIM's columns), or with Accept: application/x-ndjson as one resource a line */
  get: {
   parameters: {
    query?: {
     /** @description As in the list of hosts */
     filter?: string;
     /** @description key=value, several separated by commas */
     label?: string;
     online?: boolean;
     search?: string;
    };
    path: {
     /** @description Name of the project */
     project: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": string;
     };
    };
   };
  };
 };
 "/v1/projects/{project}/compute/hosts/import": {
  /**
   * Register the hosts of a file (text/csv, EIM's columns), after checking all of it
   * @description Answers JSON, or with Accept: application/x-ndjson a line for each row as it is done, or with text/csv the file with its errors.
   */
  post: {
   parameters: {
    query?: {
     /** @description Replaces the cell of every row */
     cloudInit?: string;
     /** @description Replaces the cell of every row */
     clusterConfig?: string;
     /** @description Replaces the cell of every row */
     clusterDeploy?: string;
     /** @description Replaces the cell of every row */
     clusterTemplate?: string;
     /** @description Check the file and create nothing */
     dryRun?: boolean;
     /** @description Replaces the cell of every row */
     lvmSize?: string;
     /** @description Replaces the cell of every row */
     metadata?: string;
     /** @description Let the machines in as soon as they come; true unless told */
     onboard?: boolean;
     /** @description Replaces the cell of every row */
     osProfile?: string;
     /** @description Replaces the cell of every row */
     remoteUser?: string;
     /** @description Refuse rows without OSProfile or Site */
     requireProfile?: boolean;
     /** @description Replaces the cell of every row */
     secure?: string;
     /** @description Replaces the cell of every row */
     site?: string;
    };
    path: {
     /** @description Name of the project */
     project: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       /** @description Hosts that were there and lacked a site, a label or an instance */
       completed: number;
       dryRun: boolean;
       failed: number;
       /** @description New hosts */
       registered: number;
       rows: {
        detail?: string;
        error?: string;
        host?: string;
        /** @description Of the file */
        line: number;
        message?: string;
        /** @enum {unknown} */
        outcome: "registered" | "completed" | "skipped" | "failed";
        /** @description Counted from 1, without the header */
        row: number;
        serial?: string;
        uuid?: string;
       }[];
       /** @description Hosts that were there with all of it */
       skipped: number;
       total: number;
       warnings: string[];
      };
     };
    };
   };
  };
 };
 "/v1/projects/{project}/compute/hosts/import/template": {
  /** The header of a file of hosts (CSV) */
  get: {
   parameters: {
    path: {
     /** @description Name of the project */
     project: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": string;
     };
    };
   };
  };
 };
 "/v1/projects/{project}/compute/hosts/values": {
  /** List the values of members among hosts, with the number of hosts */
  get: {
   parameters: {
    query: {
     /** @description Part of the value */
     containing?: string;
     /** @description AIP-160, such as: name = "press" AND NOT has(site) AND metadata.line = l1 */
     filter?: string;
     /** @description key=value, several separated by commas */
     label?: string;
     limit?: number;
     /** @description As filters name it, several separated by commas; metadata.<key> for a label, metadata for its keys */
     member: string;
     online?: boolean;
     /** @description Part of a name, host name, id, UUID or serial number */
     search?: string;
    };
    path: {
     /** @description Name of the project */
     project: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       members: {
        /** @description Hosts that fit and have no value */
        absent: number;
        member: string;
        /** @description There are more values than were asked for */
        more: boolean;
        /** @description Hosts that fit */
        total: number;
        /** @description The most frequent first */
        values: {
         count: number;
         value: string;
        }[];
       }[];
      };
     };
    };
   };
  };
 };
 "/v1/projects/{project}/compute/instances/{instance}/telemetry": {
  /** What an instance collects, merged from all its profiles */
  get: {
   parameters: {
    path: {
     instance: string;
     /** @description Name of the project */
     project: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       logs: {
        collectorKind: string;
        from: {
         profileId: string;
         /** @description The instance, site or region that the profile is for */
         targetId: string;
        };
        groupId: string;
        groups: string[];
        logLevel: string;
        name: string;
        /** @description All that ask for the group; `from` has decided */
        profiles: {
         profileId: string;
         /** @description The instance, site or region that the profile is for */
         targetId: string;
        }[];
       }[];
       metrics: {
        collectorKind: string;
        from: {
         profileId: string;
         /** @description The instance, site or region that the profile is for */
         targetId: string;
        };
        groupId: string;
        groups: string[];
        /** @description Seconds */
        metricsInterval: number;
        name: string;
        /** @description All that ask for the group; `from` has decided */
        profiles: {
         profileId: string;
         /** @description The instance, site or region that the profile is for */
         targetId: string;
        }[];
       }[];
       /** @description Where profiles were looked for, the nearest first */
       places: string[];
      };
     };
    };
   };
  };
 };
 "/v1/projects/{project}/enrollment/requests": {
  /** Machines that wait for approval */
  get: {
   parameters: {
    path: {
     /** @description Name of the project */
     project: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       requests: {
        address: string;
        agent: string;
        /** @description RFC 3339, UTC */
        at: string;
        facts: unknown;
        /** @description SHA-256 of the machine’s key */
        fingerprint: string;
        id: string;
        /** @description The host it is to become */
        reclaims?: string;
        /** @description Id of the join token it brought */
        token?: string;
        /** @enum {unknown} */
        waitsFor: "decision" | "onboarding" | "registration";
        why: string;
       }[];
      };
     };
    };
   };
  };
 };
 "/v1/projects/{project}/enrollment/requests/{request}/accept": {
  /** Let a machine in */
  post: {
   parameters: {
    path: {
     /** @description Name of the project */
     project: string;
     request: string;
    };
   };
   requestBody: {
    content: {
     "application/json": {
      metadata?: {
       key: string;
       value: string;
      }[];
      name?: string;
      siteId?: string;
     };
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       host: string;
      };
     };
    };
   };
  };
 };
 "/v1/projects/{project}/enrollment/requests/{request}/reject": {
  /** Refuse a machine */
  post: {
   parameters: {
    path: {
     /** @description Name of the project */
     project: string;
     request: string;
    };
   };
   requestBody: {
    content: {
     "application/json": {
      reason: string;
     };
    };
   };
   responses: {
    200: {
     content: {
      "application/json": Record<string, unknown>;
     };
    };
   };
  };
 };
 "/v1/projects/{project}/enrollment/tokens": {
  /** List join tokens */
  get: {
   parameters: {
    path: {
     /** @description Name of the project */
     project: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       tokens: {
        cidr?: string;
        /** @description RFC 3339, UTC */
        createdAt: string;
        createdBy: string;
        /** @description RFC 3339, UTC */
        expiresAt: string;
        /** @description The host its machine becomes */
        host?: string;
        id: string;
        labels: {
         key: string;
         value: string;
        }[];
        /** @description RFC 3339, UTC */
        lastUsedAt?: string;
        lastUsedFrom?: string;
        needsApproval: boolean;
        note: string;
        /** @description RFC 3339, UTC */
        revokedAt?: string;
        serial?: string;
        /** @description The site its machines stand at */
        siteId?: string;
        used: number;
        uses: number;
       }[];
      };
     };
    };
   };
  };
  /** Make a join token */
  post: {
   parameters: {
    path: {
     /** @description Name of the project */
     project: string;
    };
   };
   requestBody: {
    content: {
     "application/json": {
      /** @description The only network it may be used from */
      cidr?: string;
      expiresInMs?: number;
      /** @description Id of the host */
      host?: string;
      labels?: {
       key: string;
       value: string;
      }[];
      needsApproval?: boolean;
      note?: string;
      /** @description Serial number or UUID of the only machine it is for */
      serial?: string;
      siteId?: string;
      uses?: number;
     };
    };
   };
   responses: {
    201: {
     content: {
      "application/json": {
       /** @description RFC 3339, UTC */
       expiresAt: string;
       id: string;
       /** @description Shown once */
       token: string;
       /** @description Where the machine should enroll */
       url: string;
      };
     };
    };
   };
  };
 };
 "/v1/projects/{project}/enrollment/tokens/{token}": {
  /** Revoke a join token */
  delete: {
   parameters: {
    path: {
     /** @description Name of the project */
     project: string;
     token: string;
    };
   };
   responses: {
    204: {
     content?: never;
    };
   };
  };
 };
 "/v1/projects/{project}/events": {
  /** Read what happened, page by page */
  get: {
   parameters: {
    query?: {
     after?: number;
     /** @description With newest: only those before this cursor */
     before?: number;
     /** @description Id of the host */
     host?: string;
     limit?: number;
     /** @description Newest first; `next` is then the `before` of the page after */
     newest?: boolean;
     /** @description Id of what it is about */
     subject?: string;
     /** @description Event types, or their first words, separated by commas */
     type?: string;
    };
    path: {
     /** @description Name of the project */
     project: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       events: {
        /** @description RFC 3339, UTC */
        at: string;
        data: unknown;
        /** @description Cursor: rises with time, in the whole installation */
        id: number;
        project: string;
        subject: string;
        type: string;
       }[];
       hasMore: boolean;
       /** @description Cursor to go on with */
       next: number;
      };
     };
    };
   };
  };
 };
 "/v1/projects/{project}/inventory/sites": {
  /** How the hosts of each site are doing; sites without hosts are left out */
  get: {
   parameters: {
    path: {
     /** @description Name of the project */
     project: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       sites: {
        /** @description They went in order: stopped, restarting */
        asleep: number;
        /** @description They say that something is wrong; lost connections aside */
        failing: number;
        hosts: number;
        /** @description Those of them whose connection was lost */
        lost: number;
        /** @description When the last of those that are lost was lost */
        lostSince?: string;
        /** @description They have not come yet */
        never: number;
        /** @description They were there and are not, whyever */
        offline: number;
        online: number;
        /** @description Empty for hosts without a site */
        siteId: string;
       }[];
       totalElements: number;
      };
     };
    };
   };
  };
 };
 "/v1/projects/{project}/inventory/summary": {
  /** How many hosts of each kind there are */
  get: {
   parameters: {
    path: {
     /** @description Name of the project */
     project: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       kernels: {
        hosts: number;
        value: string;
       }[];
       memoryBytes: string;
       processors: {
        hosts: number;
        value: string;
       }[];
       products: {
        hosts: number;
        value: string;
       }[];
       systems: {
        hosts: number;
        value: string;
       }[];
      };
     };
    };
   };
  };
 };
 "/v1/projects/{project}/oob/activations": {
  /** What was tried with `rpc`, newest first */
  get: {
   parameters: {
    query?: {
     cursor?: string;
     guid?: string;
     host?: string;
     limit?: number;
     outcome?: "running" | "succeeded" | "failed" | "cut";
    };
    path: {
     /** @description Name of the project */
     project: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       activations: {
        address: string;
        /** @description RFC 3339, UTC */
        finishedAt?: string;
        /** @enum {unknown} */
        fromMode: "none" | "client" | "admin";
        guid: string;
        host?: string;
        id: string;
        /** @description What the client was told */
        message: string;
        /** @description Requests that were sent to the firmware */
        messages: number;
        /** @enum {unknown} */
        mode?: "client" | "admin";
        /** @enum {unknown} */
        outcome: "running" | "succeeded" | "failed" | "cut";
        profile?: string;
        /** @description RFC 3339, UTC */
        startedAt: string;
        /** @description The last step that was begun */
        step: string;
        steps: number;
        /** @enum {unknown} */
        verb: "activate" | "deactivate" | "maintenance";
       }[];
       nextCursor?: string;
      };
     };
    };
   };
  };
 };
 "/v1/projects/{project}/oob/activations/{id}": {
  /** One activation */
  get: {
   parameters: {
    path: {
     id: string;
     /** @description Name of the project */
     project: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       address: string;
       /** @description RFC 3339, UTC */
       finishedAt?: string;
       /** @enum {unknown} */
       fromMode: "none" | "client" | "admin";
       guid: string;
       host?: string;
       id: string;
       /** @description What the client was told */
       message: string;
       /** @description Requests that were sent to the firmware */
       messages: number;
       /** @enum {unknown} */
       mode?: "client" | "admin";
       /** @enum {unknown} */
       outcome: "running" | "succeeded" | "failed" | "cut";
       profile?: string;
       /** @description RFC 3339, UTC */
       startedAt: string;
       /** @description The last step that was begun */
       step: string;
       steps: number;
       /** @enum {unknown} */
       verb: "activate" | "deactivate" | "maintenance";
      };
     };
    };
   };
  };
 };
 "/v1/projects/{project}/oob/detections": {
  /** What was detected on each host */
  get: {
   parameters: {
    query?: {
     cursor?: string;
     sku?: "amt" | "ism" | "none" | "unknown";
    };
    path: {
     /** @description Name of the project */
     project: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       detections: {
        controlMode?: string;
        dnsSuffix?: string;
        host: string;
        /** @description RFC 3339, UTC */
        since: string;
        /** @enum {unknown} */
        sku: "amt" | "ism" | "none" | "unknown";
        version?: string;
        why: string;
       }[];
       nextCursor?: string;
      };
     };
    };
   };
  };
 };
 "/v1/projects/{project}/oob/devices/{guid}/certificate": {
  /** Read the certificate that a device shows at its address */
  get: {
   parameters: {
    path: {
     /** @description GUID of the device */
     guid: string;
     /** @description Name of the project */
     project: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       commonName: string;
       dnsNames: string[];
       guid: string;
       issuerName: string;
       /** @description RFC 3339, UTC */
       notAfter: string;
       /** @description RFC 3339, UTC */
       notBefore: string;
       /** @description Whether this certificate is the pinned one */
       pinned: boolean;
       pinnedFingerprint?: string;
       publicKeyAlgorithm: string;
       publicKeySize: number;
       serialNumber: string;
       sha1Fingerprint: string;
       sha256Fingerprint: string;
      };
     };
    };
   };
  };
  /** Pin the certificate that a device must show at its address */
  put: {
   parameters: {
    path: {
     /** @description GUID of the device */
     guid: string;
     /** @description Name of the project */
     project: string;
    };
   };
   requestBody: {
    content: {
     "application/json": {
      /** @description Hexadecimal; colons are allowed */
      sha256Fingerprint: string;
     };
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       guid: string;
       sha256Fingerprint: string;
      };
     };
    };
   };
  };
  /** Forget the pinned certificate of a device */
  delete: {
   parameters: {
    path: {
     /** @description GUID of the device */
     guid: string;
     /** @description Name of the project */
     project: string;
    };
   };
   responses: {
    204: {
     content?: never;
    };
   };
  };
 };
 "/v1/projects/{project}/oob/devices/{guid}/drift": {
  /** How a device compared with its profile when it was looked at last */
  get: {
   parameters: {
    path: {
     /** @description GUID of the device */
     guid: string;
     /** @description Name of the project */
     project: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       /** @description RFC 3339, UTC */
       checkedAt?: string;
       /** @description RFC 3339, UTC */
       dueAt?: string;
       guid: string;
       profile?: string;
       /** @description RFC 3339, UTC */
       since: string;
       /** @enum {unknown} */
       state: "compliant" | "drifted" | "unknown";
       steps: {
        /** @enum {unknown} */
        area: "clock" | "cira" | "features" | "tls" | "network" | "passwords" | "activation";
        /** @description The act that puts it right */
        do: string;
        /** @description Why it is not done over the tunnel */
        held?: string;
        /** @enum {unknown} */
        mode: "report" | "repair";
        /** @description What differs */
        says: string;
       }[];
       why: string;
      };
     };
    };
   };
  };
  /** Compares a device with its profile now, and puts it right when asked to */
  post: {
   parameters: {
    path: {
     /** @description GUID of the device */
     guid: string;
     /** @description Name of the project */
     project: string;
    };
   };
   requestBody: {
    content: {
     "application/json": {
      areas?: ("clock" | "cira" | "features" | "tls" | "network" | "passwords" | "activation")[];
      /** @description Tells what would be done, and changes nothing */
      dryRun?: boolean;
      reason?: string;
      /** @description Puts right what the policy, or `areas`, says */
      repair?: boolean;
     };
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       dryRun: boolean;
       failed: {
        /** @enum {unknown} */
        area: "clock" | "cira" | "features" | "tls" | "network" | "passwords" | "activation";
        /** @description The act that puts it right */
        do: string;
        /** @description Why it is not done over the tunnel */
        held?: string;
        /** @enum {unknown} */
        mode: "report" | "repair";
        reason: string;
        /** @description What differs */
        says: string;
       }[];
       guid: string;
       profile?: string;
       repaired: {
        /** @enum {unknown} */
        area: "clock" | "cira" | "features" | "tls" | "network" | "passwords" | "activation";
        /** @description The act that puts it right */
        do: string;
        /** @description Why it is not done over the tunnel */
        held?: string;
        /** @enum {unknown} */
        mode: "report" | "repair";
        /** @description What differs */
        says: string;
       }[];
       /** @enum {unknown} */
       state: "compliant" | "drifted" | "unknown";
       /** @description What differs now; in a dry run, what would be repaired or reported */
       steps: {
        /** @enum {unknown} */
        area: "clock" | "cira" | "features" | "tls" | "network" | "passwords" | "activation";
        /** @description The act that puts it right */
        do: string;
        /** @description Why it is not done over the tunnel */
        held?: string;
        /** @enum {unknown} */
        mode: "report" | "repair";
        /** @description What differs */
        says: string;
       }[];
       why: string;
      };
     };
    };
   };
  };
 };
 "/v1/projects/{project}/oob/devices/{guid}/playbooks/{name}": {
  /** Starts a playbook on a machine, or tells what it would do */
  post: {
   parameters: {
    path: {
     /** @description GUID of the device */
     guid: string;
     name: string;
     /** @description Name of the project */
     project: string;
    };
   };
   requestBody: {
    content: {
     "application/json": {
      /** @description Tells what would be done, and changes nothing */
      dryRun?: boolean;
      reason?: string;
      url?: string;
     };
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       blockers: string[];
       /** @enum {boolean} */
       dryRun: true;
       playbook: string;
       steps: {
        says: string;
        why: string;
        /** @enum {unknown} */
        would: "run" | "skip" | "depends";
       }[];
       verdict: string;
       why: string;
      };
     };
    };
    202: {
     content: {
      "application/json": {
       id: string;
      };
     };
    };
   };
  };
 };
 "/v1/projects/{project}/oob/devices/{guid}/power": {
  /** Order a power act; it is kept until it was carried out and read back */
  post: {
   parameters: {
    path: {
     /** @description GUID of the device */
     guid: string;
     /** @description Name of the project */
     project: string;
    };
   };
   requestBody: {
    content: {
     "application/json": {
      /** @enum {unknown} */
      action: "on" | "off" | "sleep" | "hibernate" | "reset" | "power-cycle";
      expiresInMs?: number;
      /** @enum {unknown} */
      policy?: "immediate" | "ordered";
      reason?: string;
     };
    };
   };
   responses: {
    202: {
     content: {
      "application/json": {
       action: string;
       /** @description RFC 3339, UTC */
       createdAt: string;
       /** @description RFC 3339, UTC */
       expiresAt: string;
       /** @description RFC 3339, UTC */
       finishedAt?: string;
       guid: string;
       id: string;
       policy: string;
       says: string;
       /** @enum {unknown} */
       state: "open" | "done" | "failed" | "replaced";
       tries: number;
      };
     };
    };
   };
  };
 };
 "/v1/projects/{project}/oob/devices/{guid}/redirections": {
  /** Ask for the token that opens one redirection session, and write down why */
  post: {
   parameters: {
    path: {
     /** @description GUID of the device */
     guid: string;
     /** @description Name of the project */
     project: string;
    };
   };
   requestBody: {
    content: {
     "application/json": {
      /** @description The session ends after so long */
      minutes?: number;
      /** @enum {unknown} */
      mode: "kvm" | "sol";
      reason?: string;
     };
    };
   };
   responses: {
    201: {
     content: {
      "application/json": {
       /** @description RFC 3339, UTC */
       at: string;
       idleMinutes: number;
       /** @description How long the session may last */
       minutes: number;
       /** @description Where the WebSocket is opened */
       path: string;
       recorded: boolean;
       /** @description Opens one session, as sub-protocol of the WebSocket, within five minutes */
       token: string;
      };
     };
    };
   };
  };
 };
 "/v1/projects/{project}/oob/domain-check": {
  /** Whether a certificate file could provision the devices of a suffix; nothing is kept */
  post: {
   parameters: {
    path: {
     /** @description Name of the project */
     project: string;
    };
   };
   requestBody: {
    content: {
     "application/json": {
      domainSuffix: string;
      /** @description Base64 of the PFX file */
      provisioningCert: string;
      provisioningCertPassword: string;
     };
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       /** @description The first check that failed; those after it were not made */
       code?: string;
       /** @description RFC 3339, UTC */
       expires?: string;
       message?: string;
       ok: boolean;
      };
     };
    };
   };
  };
 };
 "/v1/projects/{project}/oob/drift": {
  /** How the devices compare with the profiles they were activated with */
  get: {
   parameters: {
    query?: {
     cursor?: string;
     pageSize?: number;
     state?: "compliant" | "drifted" | "unknown";
    };
    path: {
     /** @description Name of the project */
     project: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       counts: {
        compliant: number;
        drifted: number;
        unknown: number;
       };
       devices: {
        /** @description RFC 3339, UTC */
        checkedAt?: string;
        /** @description RFC 3339, UTC */
        dueAt?: string;
        guid: string;
        profile?: string;
        /** @description RFC 3339, UTC */
        since: string;
        /** @enum {unknown} */
        state: "compliant" | "drifted" | "unknown";
        steps: {
         /** @enum {unknown} */
         area: "clock" | "cira" | "features" | "tls" | "network" | "passwords" | "activation";
         /** @description The act that puts it right */
         do: string;
         /** @description Why it is not done over the tunnel */
         held?: string;
         /** @enum {unknown} */
         mode: "report" | "repair";
         /** @description What differs */
         says: string;
        }[];
        why: string;
       }[];
       nextCursor?: string;
      };
     };
    };
   };
  };
 };
 "/v1/projects/{project}/oob/drift-policy": {
  /** What happens when a device differs from its profile, by area */
  get: {
   parameters: {
    path: {
     /** @description Name of the project */
     project: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       /** @enum {unknown} */
       activation: "off" | "report";
       /** @enum {unknown} */
       cira: "off" | "report" | "repair";
       /** @enum {unknown} */
       clock: "off" | "report" | "repair";
       /** @enum {unknown} */
       features: "off" | "report" | "repair";
       /** @enum {unknown} */
       network: "off" | "report" | "repair";
       /** @enum {unknown} */
       passwords: "off" | "report" | "repair";
       /** @enum {unknown} */
       tls: "off" | "report" | "repair";
       version: number;
      };
     };
    };
   };
  };
  /** Sets: what happens when a device differs from its profile, by area */
  put: {
   parameters: {
    path: {
     /** @description Name of the project */
     project: string;
    };
   };
   requestBody: {
    content: {
     "application/json": {
      /** @enum {unknown} */
      activation: "off" | "report";
      /** @enum {unknown} */
      cira: "off" | "report" | "repair";
      /** @enum {unknown} */
      clock: "off" | "report" | "repair";
      /** @enum {unknown} */
      features: "off" | "report" | "repair";
      /** @enum {unknown} */
      network: "off" | "report" | "repair";
      /** @enum {unknown} */
      passwords: "off" | "report" | "repair";
      /** @enum {unknown} */
      tls: "off" | "report" | "repair";
     };
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       /** @enum {unknown} */
       activation: "off" | "report";
       /** @enum {unknown} */
       cira: "off" | "report" | "repair";
       /** @enum {unknown} */
       clock: "off" | "report" | "repair";
       /** @enum {unknown} */
       features: "off" | "report" | "repair";
       /** @enum {unknown} */
       network: "off" | "report" | "repair";
       /** @enum {unknown} */
       passwords: "off" | "report" | "repair";
       /** @enum {unknown} */
       tls: "off" | "report" | "repair";
       version: number;
      };
     };
    };
   };
  };
 };
 "/v1/projects/{project}/oob/endpoint": {
  /** Where firmware dials in */
  get: {
   parameters: {
    path: {
     /** @description Name of the project */
     project: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       address: string;
       legacyListening?: number;
       listening: number;
       port: number;
       /** @description Connections and logins refused since the start */
       refused: number;
       /** @description PEM */
       root: string;
       tunnels: number;
       /** @description Connections that have not logged in yet */
       waiting: number;
       warnings: string[];
      };
     };
    };
   };
  };
 };
 "/v1/projects/{project}/oob/hosts/{host}/activation": {
  /** What was ordered of a host, and what became of it */
  get: {
   parameters: {
    path: {
     /** @description Id of the host */
     host: string;
     /** @description Name of the project */
     project: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       attempt: number;
       /** @description Id of the host */
       host: string;
       indicator: string;
       mode?: string;
       profile?: string;
       status: string;
       wanted: string;
      };
     };
    };
   };
  };
  /** Order that a host is activated, or deactivated */
  post: {
   parameters: {
    path: {
     /** @description Id of the host */
     host: string;
     /** @description Name of the project */
     project: string;
    };
   };
   requestBody: {
    content: {
     "application/json": {
      dnsSuffix?: string;
      /** @enum {unknown} */
      mode?: "acm" | "ccm";
      /** @description Activates with this one, whatever the policy says */
      profile?: string;
      reason?: string;
      /** @enum {unknown} */
      state: "provisioned" | "unprovisioned";
     };
    };
   };
   responses: {
    202: {
     content: {
      "application/json": {
       attempt: number;
       /** @description Id of the host */
       host: string;
       indicator: string;
       mode?: string;
       profile?: string;
       status: string;
       wanted: string;
      };
     };
    };
   };
  };
 };
 "/v1/projects/{project}/oob/hosts/{host}/readiness": {
  /** What a host still lacks to be managed out of band, and why */
  get: {
   parameters: {
    path: {
     /** @description Id of the host */
     host: string;
     /** @description Name of the project */
     project: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       checks: {
        /** @enum {unknown} */
        check: "capable" | "rpc" | "profile" | "domain" | "password" | "activated" | "connected";
        says: string;
        /**
         * @description open: activation brings it about; unneeded: this host does without it
         * @enum {unknown}
         */
        state: "met" | "unmet" | "open" | "unneeded";
       }[];
       ready: boolean;
      };
     };
    };
   };
  };
 };
 "/v1/projects/{project}/oob/ider": {
  /** Images being served, and those served last */
  get: {
   parameters: {
    path: {
     /** @description Name of the project */
     project: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       servings: {
        by: string;
        bytesRead: number;
        commands: number;
        device: string;
        /** @enum {unknown} */
        drive: "cd" | "floppy";
        enabled: boolean;
        ended?: {
         /** @enum {unknown} */
         by: "browser" | "device" | "controller";
         why: string;
        };
        furthest: number;
        id: string;
        image: string;
        project: string;
        /** @description RFC 3339, UTC */
        since: string;
        size: number;
        /** @enum {unknown} */
        state: "serving" | "ended";
       }[];
      };
     };
    };
   };
  };
  /** Serve an image to a machine as its CD or floppy */
  post: {
   parameters: {
    path: {
     /** @description Name of the project */
     project: string;
    };
   };
   requestBody: {
    content: {
     "application/json": {
      device: string;
      /** @enum {unknown} */
      drive?: "cd" | "floppy";
      image: string;
      /** @enum {unknown} */
      start?: "reboot" | "graceful" | "now";
     };
    };
   };
   responses: {
    201: {
     content: {
      "application/json": {
       by: string;
       bytesRead: number;
       commands: number;
       device: string;
       /** @enum {unknown} */
       drive: "cd" | "floppy";
       enabled: boolean;
       ended?: {
        /** @enum {unknown} */
        by: "browser" | "device" | "controller";
        why: string;
       };
       furthest: number;
       id: string;
       image: string;
       project: string;
       /** @description RFC 3339, UTC */
       since: string;
       size: number;
       /** @enum {unknown} */
       state: "serving" | "ended";
      };
     };
    };
   };
  };
 };
 "/v1/projects/{project}/oob/ider/{id}": {
  /** How far a machine has read an image */
  get: {
   parameters: {
    path: {
     id: string;
     /** @description Name of the project */
     project: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       by: string;
       bytesRead: number;
       commands: number;
       device: string;
       /** @enum {unknown} */
       drive: "cd" | "floppy";
       enabled: boolean;
       ended?: {
        /** @enum {unknown} */
        by: "browser" | "device" | "controller";
        why: string;
       };
       furthest: number;
       id: string;
       image: string;
       project: string;
       /** @description RFC 3339, UTC */
       since: string;
       size: number;
       /** @enum {unknown} */
       state: "serving" | "ended";
      };
     };
    };
   };
  };
  /** Take the image away */
  delete: {
   parameters: {
    path: {
     id: string;
     /** @description Name of the project */
     project: string;
    };
   };
   responses: {
    204: {
     content?: never;
    };
   };
  };
 };
 "/v1/projects/{project}/oob/images": {
  /** Images that can be served to machines */
  get: {
   parameters: {
    path: {
     /** @description Name of the project */
     project: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       images: {
        name: string;
        size: number;
       }[];
      };
     };
    };
   };
  };
 };
 "/v1/projects/{project}/oob/mps/amt/alarmOccurrences/{guid}": {
  /** List alarms */
  get: {
   parameters: {
    path: {
     guid: string;
    };
   };
   responses: {
    "2XX": {
     content: {
      "application/json": unknown;
     };
    };
   };
  };
  /** Add an alarm */
  post: {
   parameters: {
    path: {
     guid: string;
    };
   };
   responses: {
    "2XX": {
     content: {
      "application/json": unknown;
     };
    };
   };
  };
  /** Remove an alarm; its name stands in the body */
  delete: {
   parameters: {
    path: {
     guid: string;
    };
   };
   responses: {
    "2XX": {
     content: {
      "application/json": unknown;
     };
    };
   };
  };
 };
 "/v1/projects/{project}/oob/mps/amt/boot/capabilities/{guid}": {
  /** Tell what a device can do at boot */
  get: {
   parameters: {
    path: {
     guid: string;
    };
   };
   responses: {
    "2XX": {
     content: {
      "application/json": unknown;
     };
    };
   };
  };
 };
 "/v1/projects/{project}/oob/mps/amt/boot/remoteErase/{guid}": {
  /** Tell what a device can do at boot */
  get: {
   parameters: {
    path: {
     guid: string;
    };
   };
   responses: {
    "2XX": {
     content: {
      "application/json": unknown;
     };
    };
   };
  };
  /** Erase a machine for good; must be confirmed */
  post: {
   parameters: {
    path: {
     guid: string;
    };
   };
   responses: {
    "2XX": {
     content: {
      "application/json": unknown;
     };
    };
   };
  };
 };
 "/v1/projects/{project}/oob/mps/amt/boot/rpe/{guid}": {
  /** Allow or forbid Remote Platform Erase */
  post: {
   parameters: {
    path: {
     guid: string;
    };
   };
   responses: {
    "2XX": {
     content: {
      "application/json": unknown;
     };
    };
   };
  };
 };
 "/v1/projects/{project}/oob/mps/amt/certificates/{guid}": {
  /** List certificates and what uses them */
  get: {
   parameters: {
    path: {
     guid: string;
    };
   };
   responses: {
    "2XX": {
     content: {
      "application/json": unknown;
     };
    };
   };
  };
  /** Add a certificate */
  post: {
   parameters: {
    path: {
     guid: string;
    };
   };
   responses: {
    "2XX": {
     content: {
      "application/json": unknown;
     };
    };
   };
  };
 };
 "/v1/projects/{project}/oob/mps/amt/certificates/{guid}/{instanceId}": {
  /** Remove a certificate that nothing uses */
  delete: {
   parameters: {
    path: {
     guid: string;
     instanceId: string;
    };
   };
   responses: {
    "2XX": {
     content: {
      "application/json": unknown;
     };
    };
   };
  };
 };
 "/v1/projects/{project}/oob/mps/amt/deactivate/{guid}": {
  /** Take a device out of management: unprovision it, forget it and its secrets */
  delete: {
   parameters: {
    path: {
     guid: string;
    };
   };
   responses: {
    "2XX": {
     content: {
      "application/json": unknown;
     };
    };
   };
  };
 };
 "/v1/projects/{project}/oob/mps/amt/diskInfo/{guid}": {
  /** Read the disks of a machine */
  get: {
   parameters: {
    path: {
     guid: string;
    };
   };
   responses: {
    "2XX": {
     content: {
      "application/json": unknown;
     };
    };
   };
  };
 };
 "/v1/projects/{project}/oob/mps/amt/explorer": {
  /** List the classes that can be read raw */
  get: {
   parameters: {
    path: {
     project: string;
    };
   };
   responses: {
    "2XX": {
     content: {
      "application/json": unknown;
     };
    };
   };
  };
 };
 "/v1/projects/{project}/oob/mps/amt/explorer/{guid}/{call}": {
  /** Read all instances of a class as the firmware gives them */
  get: {
   parameters: {
    path: {
     call: string;
     guid: string;
    };
   };
   responses: {
    "2XX": {
     content: {
      "application/json": unknown;
     };
    };
   };
  };
 };
 "/v1/projects/{project}/oob/mps/amt/features/{guid}": {
  /** Read what is switched on: redirection, consent, recovery */
  get: {
   parameters: {
    path: {
     guid: string;
    };
   };
   responses: {
    "2XX": {
     content: {
      "application/json": unknown;
     };
    };
   };
  };
  /** Switch redirection, consent and recovery */
  post: {
   parameters: {
    path: {
     guid: string;
    };
   };
   responses: {
    "2XX": {
     content: {
      "application/json": unknown;
     };
    };
   };
  };
 };
 "/v1/projects/{project}/oob/mps/amt/generalSettings/{guid}": {
  /** Read the general settings */
  get: {
   parameters: {
    path: {
     guid: string;
    };
   };
   responses: {
    "2XX": {
     content: {
      "application/json": unknown;
     };
    };
   };
  };
  /** Change general settings; what is not named stays as it is */
  put: {
   parameters: {
    path: {
     guid: string;
    };
   };
   responses: {
    "2XX": {
     content: {
      "application/json": unknown;
     };
    };
   };
  };
 };
 "/v1/projects/{project}/oob/mps/amt/hardwareInfo/{guid}": {
  /** Read what a machine is made of */
  get: {
   parameters: {
    path: {
     guid: string;
    };
   };
   responses: {
    "2XX": {
     content: {
      "application/json": unknown;
     };
    };
   };
  };
 };
 "/v1/projects/{project}/oob/mps/amt/kvm/displays/{guid}": {
  /** List the displays of a machine */
  get: {
   parameters: {
    path: {
     guid: string;
    };
   };
   responses: {
    "2XX": {
     content: {
      "application/json": unknown;
     };
    };
   };
  };
  /** Choose the display KVM shows */
  put: {
   parameters: {
    path: {
     guid: string;
    };
   };
   responses: {
    "2XX": {
     content: {
      "application/json": unknown;
     };
    };
   };
  };
 };
 "/v1/projects/{project}/oob/mps/amt/log/audit/{guid}": {
  /** Read the security audit log, newest first */
  get: {
   parameters: {
    path: {
     guid: string;
    };
   };
   responses: {
    "2XX": {
     content: {
      "application/json": unknown;
     };
    };
   };
  };
 };
 "/v1/projects/{project}/oob/mps/amt/log/audit/{guid}/download": {
  /** Download the security audit log as CSV */
  get: {
   parameters: {
    path: {
     guid: string;
    };
   };
   responses: {
    "2XX": {
     content: {
      "application/json": unknown;
     };
    };
   };
  };
 };
 "/v1/projects/{project}/oob/mps/amt/log/event/{guid}": {
  /** Read the event log */
  get: {
   parameters: {
    path: {
     guid: string;
    };
   };
   responses: {
    "2XX": {
     content: {
      "application/json": unknown;
     };
    };
   };
  };
 };
 "/v1/projects/{project}/oob/mps/amt/log/event/{guid}/download": {
  /** Download the event log as CSV */
  get: {
   parameters: {
    path: {
     guid: string;
    };
   };
   responses: {
    "2XX": {
     content: {
      "application/json": unknown;
     };
    };
   };
  };
 };
 "/v1/projects/{project}/oob/mps/amt/mebxPassword/{guid}": {
  /** Change the password of the setup screen: to a given one, or to a random one */
  post: {
   parameters: {
    path: {
     guid: string;
    };
   };
   responses: {
    "2XX": {
     content: {
      "application/json": unknown;
     };
    };
   };
  };
 };
 "/v1/projects/{project}/oob/mps/amt/network/linkPreference/{guid}": {
  /** Give the wireless link to the firmware or to the operating system */
  post: {
   parameters: {
    path: {
     guid: string;
    };
   };
   responses: {
    "2XX": {
     content: {
      "application/json": unknown;
     };
    };
   };
  };
 };
 "/v1/projects/{project}/oob/mps/amt/networkSettings/{guid}": {
  /** Read the settings of both network ports */
  get: {
   parameters: {
    path: {
     guid: string;
    };
   };
   responses: {
    "2XX": {
     content: {
      "application/json": unknown;
     };
    };
   };
  };
 };
 "/v1/projects/{project}/oob/mps/amt/networkSettings/wired/{guid}": {
  /** Read the settings of the wired port */
  get: {
   parameters: {
    path: {
     guid: string;
    };
   };
   responses: {
    "2XX": {
     content: {
      "application/json": unknown;
     };
    };
   };
  };
  /** Change how the wired port gets its address */
  patch: {
   parameters: {
    path: {
     guid: string;
    };
   };
   responses: {
    "2XX": {
     content: {
      "application/json": unknown;
     };
    };
   };
  };
 };
 "/v1/projects/{project}/oob/mps/amt/networkSettings/wireless/profile/{guid}": {
  /** List wireless profiles, without their secrets */
  get: {
   parameters: {
    path: {
     guid: string;
    };
   };
   responses: {
    "2XX": {
     content: {
      "application/json": unknown;
     };
    };
   };
  };
  /** Add a wireless profile */
  post: {
   parameters: {
    path: {
     guid: string;
    };
   };
   responses: {
    "2XX": {
     content: {
      "application/json": unknown;
     };
    };
   };
  };
  /** Replace a wireless profile */
  patch: {
   parameters: {
    path: {
     guid: string;
    };
   };
   responses: {
    "2XX": {
     content: {
      "application/json": unknown;
     };
    };
   };
  };
 };
 "/v1/projects/{project}/oob/mps/amt/networkSettings/wireless/profile/{guid}/{profileName}": {
  /** Remove a wireless profile */
  delete: {
   parameters: {
    path: {
     guid: string;
     profileName: string;
    };
   };
   responses: {
    "2XX": {
     content: {
      "application/json": unknown;
     };
    };
   };
  };
 };
 "/v1/projects/{project}/oob/mps/amt/networkSettings/wireless/profileSync/{guid}": {
  /** Tell whether profiles of the operating system are taken over */
  get: {
   parameters: {
    path: {
     guid: string;
    };
   };
   responses: {
    "2XX": {
     content: {
      "application/json": unknown;
     };
    };
   };
  };
  /** Switch the taking over of profiles */
  post: {
   parameters: {
    path: {
     guid: string;
    };
   };
   responses: {
    "2XX": {
     content: {
      "application/json": unknown;
     };
    };
   };
  };
 };
 "/v1/projects/{project}/oob/mps/amt/networkSettings/wireless/state/{guid}": {
  /** Read the state of the radio */
  get: {
   parameters: {
    path: {
     guid: string;
    };
   };
   responses: {
    "2XX": {
     content: {
      "application/json": unknown;
     };
    };
   };
  };
  /** Switch the radio */
  post: {
   parameters: {
    path: {
     guid: string;
    };
   };
   responses: {
    "2XX": {
     content: {
      "application/json": unknown;
     };
    };
   };
  };
 };
 "/v1/projects/{project}/oob/mps/amt/password/{guid}": {
  /** Change the password of the firmware: to a given one, or to a random one */
  post: {
   parameters: {
    path: {
     guid: string;
    };
   };
   responses: {
    "2XX": {
     content: {
      "application/json": unknown;
     };
    };
   };
  };
 };
 "/v1/projects/{project}/oob/mps/amt/power/action/{guid}": {
  /** Do a power action: 2 to 17, 500 and 501 */
  post: {
   parameters: {
    path: {
     guid: string;
    };
   };
   responses: {
    "2XX": {
     content: {
      "application/json": unknown;
     };
    };
   };
  };
 };
 "/v1/projects/{project}/oob/mps/amt/power/bootOptions/{guid}": {
  /** Boot once in another way: 100 to 401 */
  post: {
   parameters: {
    path: {
     guid: string;
    };
   };
   responses: {
    "2XX": {
     content: {
      "application/json": unknown;
     };
    };
   };
  };
 };
 "/v1/projects/{project}/oob/mps/amt/power/bootSources/{guid}": {
  /** List what a device can boot from */
  get: {
   parameters: {
    path: {
     guid: string;
    };
   };
   responses: {
    "2XX": {
     content: {
      "application/json": unknown;
     };
    };
   };
  };
 };
 "/v1/projects/{project}/oob/mps/amt/power/bulk": {
  /** Do a power action on many devices, with the outcome of each */
  post: {
   parameters: {
    path: {
     project: string;
    };
   };
   responses: {
    "2XX": {
     content: {
      "application/json": unknown;
     };
    };
   };
  };
 };
 "/v1/projects/{project}/oob/mps/amt/power/bulk/state": {
  /** Read the power state of many devices */
  post: {
   parameters: {
    path: {
     project: string;
    };
   };
   responses: {
    "2XX": {
     content: {
      "application/json": unknown;
     };
    };
   };
  };
 };
 "/v1/projects/{project}/oob/mps/amt/power/capabilities/{guid}": {
  /** List the power actions a device takes */
  get: {
   parameters: {
    path: {
     guid: string;
    };
   };
   responses: {
    "2XX": {
     content: {
      "application/json": unknown;
     };
    };
   };
  };
 };
 "/v1/projects/{project}/oob/mps/amt/power/state/{guid}": {
  /** Read the power state */
  get: {
   parameters: {
    path: {
     guid: string;
    };
   };
   responses: {
    "2XX": {
     content: {
      "application/json": unknown;
     };
    };
   };
  };
 };
 "/v1/projects/{project}/oob/mps/amt/rpe/{guid}": {
  /** Erase a machine for good; must be confirmed */
  post: {
   parameters: {
    path: {
     guid: string;
    };
   };
   responses: {
    "2XX": {
     content: {
      "application/json": unknown;
     };
    };
   };
  };
 };
 "/v1/projects/{project}/oob/mps/amt/screen/{guid}": {
  /** Choose the display KVM shows */
  put: {
   parameters: {
    path: {
     guid: string;
    };
   };
   responses: {
    "2XX": {
     content: {
      "application/json": unknown;
     };
    };
   };
  };
 };
 "/v1/projects/{project}/oob/mps/amt/time/{guid}": {
  /** Set the firmware's clock by ours */
  post: {
   parameters: {
    path: {
     guid: string;
    };
   };
   responses: {
    "2XX": {
     content: {
      "application/json": unknown;
     };
    };
   };
  };
 };
 "/v1/projects/{project}/oob/mps/amt/tls/{guid}": {
  /** Read the TLS settings of a device */
  get: {
   parameters: {
    path: {
     guid: string;
    };
   };
   responses: {
    "2XX": {
     content: {
      "application/json": unknown;
     };
    };
   };
  };
 };
 "/v1/projects/{project}/oob/mps/amt/userConsentCode/{guid}": {
  /** Show a consent code on the screen of the machine */
  get: {
   parameters: {
    path: {
     guid: string;
    };
   };
   responses: {
    "2XX": {
     content: {
      "application/json": unknown;
     };
    };
   };
  };
  /** Send the code the screen shows */
  post: {
   parameters: {
    path: {
     guid: string;
    };
   };
   responses: {
    "2XX": {
     content: {
      "application/json": unknown;
     };
    };
   };
  };
 };
 "/v1/projects/{project}/oob/mps/amt/userConsentCode/cancel/{guid}": {
  /** Take the consent code off the screen */
  get: {
   parameters: {
    path: {
     guid: string;
    };
   };
   responses: {
    "2XX": {
     content: {
      "application/json": unknown;
     };
    };
   };
  };
 };
 "/v1/projects/{project}/oob/mps/amt/version/{guid}": {
  /** Read the versions of the firmware and how it is activated */
  get: {
   parameters: {
    path: {
     guid: string;
    };
   };
   responses: {
    "2XX": {
     content: {
      "application/json": unknown;
     };
    };
   };
  };
 };
 "/v1/projects/{project}/oob/mps/authorize": {
  /** Sign in with a name and a password (as MPS has it) */
  post: {
   parameters: {
    path: {
     project: string;
    };
   };
   responses: {
    200: {
     content?: never;
    };
   };
  };
 };
 "/v1/projects/{project}/oob/mps/authorize/redirection/{guid}": {
  /** A token for one redirection session of a device (as MPS has it) */
  get: {
   parameters: {
    path: {
     guid: string;
     project: string;
    };
   };
   responses: {
    200: {
     content?: never;
    };
   };
  };
 };
 "/v1/projects/{project}/oob/mps/ciracert": {
  /** Read the root certificate devices trust for their tunnel */
  get: {
   parameters: {
    path: {
     project: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": string;
     };
    };
   };
  };
 };
 "/v1/projects/{project}/oob/mps/devices": {
  /** List all known devices */
  get: {
   parameters: {
    path: {
     project: string;
    };
   };
   responses: {
    "2XX": {
     content: {
      "application/json": unknown;
     };
    };
   };
  };
  /** Register a device, or change one that is registered */
  post: {
   parameters: {
    path: {
     project: string;
    };
   };
   responses: {
    "2XX": {
     content: {
      "application/json": unknown;
     };
    };
   };
  };
  /** Change a device */
  patch: {
   parameters: {
    path: {
     project: string;
    };
   };
   responses: {
    "2XX": {
     content: {
      "application/json": unknown;
     };
    };
   };
  };
 };
 "/v1/projects/{project}/oob/mps/devices/{guid}": {
  /** Read a device */
  get: {
   parameters: {
    path: {
     guid: string;
    };
   };
   responses: {
    "2XX": {
     content: {
      "application/json": unknown;
     };
    };
   };
  };
  /** Remove a device, and its secrets when asked to */
  delete: {
   parameters: {
    path: {
     guid: string;
    };
   };
   responses: {
    "2XX": {
     content: {
      "application/json": unknown;
     };
    };
   };
  };
 };
 "/v1/projects/{project}/oob/mps/devices/disconnect/{guid}": {
  /** End the tunnel of a device; it may dial in again */
  delete: {
   parameters: {
    path: {
     guid: string;
    };
   };
   responses: {
    "2XX": {
     content: {
      "application/json": unknown;
     };
    };
   };
  };
 };
 "/v1/projects/{project}/oob/mps/devices/redirectStatus/{guid}": {
  /** Tell which redirection sessions a device has */
  get: {
   parameters: {
    path: {
     guid: string;
    };
   };
   responses: {
    "2XX": {
     content: {
      "application/json": unknown;
     };
    };
   };
  };
 };
 "/v1/projects/{project}/oob/mps/devices/refresh/{guid}": {
  /** Forget what is remembered of a device, so that a new password is used */
  delete: {
   parameters: {
    path: {
     guid: string;
    };
   };
   responses: {
    "2XX": {
     content: {
      "application/json": unknown;
     };
    };
   };
  };
 };
 "/v1/projects/{project}/oob/mps/devices/stats": {
  /** Count devices by connection status */
  get: {
   parameters: {
    path: {
     project: string;
    };
   };
   responses: {
    "2XX": {
     content: {
      "application/json": unknown;
     };
    };
   };
  };
 };
 "/v1/projects/{project}/oob/mps/devices/tags": {
  /** List all tags */
  get: {
   parameters: {
    path: {
     project: string;
    };
   };
   responses: {
    "2XX": {
     content: {
      "application/json": unknown;
     };
    };
   };
  };
 };
 "/v1/projects/{project}/oob/mps/health": {
  /** Tell whether the database and the secrets are there */
  get: {
   parameters: {
    path: {
     project: string;
    };
   };
   responses: {
    "2XX": {
     content: {
      "application/json": unknown;
     };
    };
   };
  };
 };
 "/v1/projects/{project}/oob/mps/server/features": {
  /** Tell whether devices may dial in (as Console has it) */
  get: {
   parameters: {
    path: {
     project: string;
    };
   };
   responses: {
    "2XX": {
     content: {
      "application/json": unknown;
     };
    };
   };
  };
 };
 "/v1/projects/{project}/oob/mps/version": {
  /** Read the version of this interface */
  get: {
   parameters: {
    path: {
     project: string;
    };
   };
   responses: {
    "2XX": {
     content: {
      "application/json": unknown;
     };
    };
   };
  };
 };
 "/v1/projects/{project}/oob/playbook-runs": {
  /** Runs of playbooks, newest first */
  get: {
   parameters: {
    query?: {
     cursor?: string;
     /** @description GUID of the device */
     guid?: string;
     pageSize?: number;
     state?: "queued" | "running" | "approval" | "done" | "failed" | "cancelled" | "dry-run";
    };
    path: {
     /** @description Name of the project */
     project: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       nextCursor?: string;
       runs: {
        approvedBy?: string;
        automatic: boolean;
        /** @description RFC 3339, UTC */
        begunAt?: string;
        by: string;
        /** @description RFC 3339, UTC */
        createdAt: string;
        /** @description RFC 3339, UTC */
        finishedAt?: string;
        guid: string;
        /** @description Id of the host */
        host?: string;
        id: string;
        lines: {
         /** @description RFC 3339, UTC */
         at: string;
         /** @enum {unknown} */
         outcome: "note" | "done" | "skipped" | "failed";
         says: string;
         step?: number;
        }[];
        playbook: string;
        reason?: string;
        says: string;
        /** @enum {unknown} */
        state: "queued" | "running" | "approval" | "done" | "failed" | "cancelled" | "dry-run";
        /** @description Number of the step that is next or under way, from 0 */
        step: number;
        steps: string[];
       }[];
      };
     };
    };
   };
  };
 };
 "/v1/projects/{project}/oob/playbook-runs/{id}": {
  /** How far a run has come */
  get: {
   parameters: {
    path: {
     id: string;
     /** @description Name of the project */
     project: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       approvedBy?: string;
       automatic: boolean;
       /** @description RFC 3339, UTC */
       begunAt?: string;
       by: string;
       /** @description RFC 3339, UTC */
       createdAt: string;
       /** @description RFC 3339, UTC */
       finishedAt?: string;
       guid: string;
       /** @description Id of the host */
       host?: string;
       id: string;
       lines: {
        /** @description RFC 3339, UTC */
        at: string;
        /** @enum {unknown} */
        outcome: "note" | "done" | "skipped" | "failed";
        says: string;
        step?: number;
       }[];
       playbook: string;
       reason?: string;
       says: string;
       /** @enum {unknown} */
       state: "queued" | "running" | "approval" | "done" | "failed" | "cancelled" | "dry-run";
       /** @description Number of the step that is next or under way, from 0 */
       step: number;
       steps: string[];
      };
     };
    };
   };
  };
 };
 "/v1/projects/{project}/oob/playbook-runs/{id}/approve": {
  /** Approves the step that a run waits with */
  post: {
   parameters: {
    path: {
     id: string;
     /** @description Name of the project */
     project: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       approvedBy?: string;
       automatic: boolean;
       /** @description RFC 3339, UTC */
       begunAt?: string;
       by: string;
       /** @description RFC 3339, UTC */
       createdAt: string;
       /** @description RFC 3339, UTC */
       finishedAt?: string;
       guid: string;
       /** @description Id of the host */
       host?: string;
       id: string;
       lines: {
        /** @description RFC 3339, UTC */
        at: string;
        /** @enum {unknown} */
        outcome: "note" | "done" | "skipped" | "failed";
        says: string;
        step?: number;
       }[];
       playbook: string;
       reason?: string;
       says: string;
       /** @enum {unknown} */
       state: "queued" | "running" | "approval" | "done" | "failed" | "cancelled" | "dry-run";
       /** @description Number of the step that is next or under way, from 0 */
       step: number;
       steps: string[];
      };
     };
    };
   };
  };
 };
 "/v1/projects/{project}/oob/playbook-runs/{id}/cancel": {
  /** Takes no further step of a run */
  post: {
   parameters: {
    path: {
     id: string;
     /** @description Name of the project */
     project: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       approvedBy?: string;
       automatic: boolean;
       /** @description RFC 3339, UTC */
       begunAt?: string;
       by: string;
       /** @description RFC 3339, UTC */
       createdAt: string;
       /** @description RFC 3339, UTC */
       finishedAt?: string;
       guid: string;
       /** @description Id of the host */
       host?: string;
       id: string;
       lines: {
        /** @description RFC 3339, UTC */
        at: string;
        /** @enum {unknown} */
        outcome: "note" | "done" | "skipped" | "failed";
        says: string;
        step?: number;
       }[];
       playbook: string;
       reason?: string;
       says: string;
       /** @enum {unknown} */
       state: "queued" | "running" | "approval" | "done" | "failed" | "cancelled" | "dry-run";
       /** @description Number of the step that is next or under way, from 0 */
       step: number;
       steps: string[];
      };
     };
    };
   };
  };
 };
 "/v1/projects/{project}/oob/playbooks": {
  /** The playbooks there are, with their steps */
  get: {
   parameters: {
    path: {
     /** @description Name of the project */
     project: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       playbooks: {
        name: string;
        /** @description What starting it asks for */
        permission: string;
        steps: string[];
        takesUrl: boolean;
        title: string;
       }[];
      };
     };
    };
   };
  };
 };
 "/v1/projects/{project}/oob/policy": {
  /** Rules by which the profile of a device is chosen */
  get: {
   parameters: {
    path: {
     /** @description Name of the project */
     project: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       /** @description The first that fits decides */
       rules: {
        /**
         * @description Mode wanted; alone it means the default profile
         * @enum {unknown}
         */
        controlMode?: "acm" | "ccm";
        /** @description Labels the host must have, each with this value */
        labels?: {
         [key: string]: string;
        };
        /** @description What people call the rule */
        name?: string;
        /** @description Profile to activate with */
        profile?: string;
        /**
         * @description Firmware the rule is for; any without it
         * @enum {unknown}
         */
        sku?: "amt" | "ism";
        tags?: string[];
       }[];
       version: number;
      };
     };
    };
   };
  };
  /** Sets the rules by which the profile of a device is chosen */
  put: {
   parameters: {
    path: {
     /** @description Name of the project */
     project: string;
    };
   };
   requestBody: {
    content: {
     "application/json": {
      /** @description The first that fits decides */
      rules: {
       /**
        * @description Mode wanted; alone it means the default profile
        * @enum {unknown}
        */
       controlMode?: "acm" | "ccm";
       /** @description Labels the host must have, each with this value */
       labels?: {
        [key: string]: string;
       };
       /** @description What people call the rule */
       name?: string;
       /** @description Profile to activate with */
       profile?: string;
       /**
        * @description Firmware the rule is for; any without it
        * @enum {unknown}
        */
       sku?: "amt" | "ism";
       tags?: string[];
      }[];
     };
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       /** @description The first that fits decides */
       rules: {
        /**
         * @description Mode wanted; alone it means the default profile
         * @enum {unknown}
         */
        controlMode?: "acm" | "ccm";
        /** @description Labels the host must have, each with this value */
        labels?: {
         [key: string]: string;
        };
        /** @description What people call the rule */
        name?: string;
        /** @description Profile to activate with */
        profile?: string;
        /**
         * @description Firmware the rule is for; any without it
         * @enum {unknown}
         */
        sku?: "amt" | "ism";
        tags?: string[];
       }[];
       version: number;
      };
     };
    };
   };
  };
 };
 "/v1/projects/{project}/oob/power/{id}": {
  /** What became of a power order */
  get: {
   parameters: {
    path: {
     id: string;
     /** @description Name of the project */
     project: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       action: string;
       /** @description RFC 3339, UTC */
       createdAt: string;
       /** @description RFC 3339, UTC */
       expiresAt: string;
       /** @description RFC 3339, UTC */
       finishedAt?: string;
       guid: string;
       id: string;
       policy: string;
       says: string;
       /** @enum {unknown} */
       state: "open" | "done" | "failed" | "replaced";
       tries: number;
      };
     };
    };
   };
  };
 };
 "/v1/projects/{project}/oob/recordings": {
  /** Recordings of redirection sessions */
  get: {
   parameters: {
    query?: {
     /** @description Only those of this GUID, of the newest 500 */
     device?: string;
    };
    path: {
     /** @description Name of the project */
     project: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       recordings: {
        bytes: number;
        id: string;
       }[];
      };
     };
    };
   };
  };
 };
 "/v1/projects/{project}/oob/recordings/{id}": {
  /** One recording: a line that says what it is, then its chunks, each chained to the one before */
  get: {
   parameters: {
    path: {
     id: string;
     /** @description Name of the project */
     project: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": string;
     };
    };
   };
  };
 };
 "/v1/projects/{project}/oob/recovery-policy": {
  /** Which playbook is started by itself for which verdict, and what needs a second person */
  get: {
   parameters: {
    path: {
     /** @description Name of the project */
     project: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       /** @description Steps from this class on wait for a second person */
       approvalFromClass?: number;
       /** @description The first for a verdict decides */
       rules: {
        /** @description How long the verdict must hold */
        afterMinutes: number;
        /** @description Whether steps that need leave to restart the machine have it; not, unless said */
        mayRestart?: boolean;
        /** @enum {unknown} */
        mode: "off" | "dry-run" | "run";
        /** @enum {unknown} */
        playbook: "diagnose" | "power-on" | "restart-hung" | "agent-dead" | "reinstall-pxe" | "reactivate" | "replace-activation";
        /** @enum {unknown} */
        verdict: "running" | "agent-stopped" | "agent-dead" | "os-hung" | "booting" | "asleep" | "off" | "network-down" | "not-managed" | "unknown";
       }[];
       version: number;
      };
     };
    };
   };
  };
  /** Sets: which playbook is started by itself for which verdict, and what needs a second person */
  put: {
   parameters: {
    path: {
     /** @description Name of the project */
     project: string;
    };
   };
   requestBody: {
    content: {
     "application/json": {
      /** @description Steps from this class on wait for a second person */
      approvalFromClass?: number;
      /** @description The first for a verdict decides */
      rules: {
       /** @description How long the verdict must hold */
       afterMinutes: number;
       /** @description Whether steps that need leave to restart the machine have it; not, unless said */
       mayRestart?: boolean;
       /** @enum {unknown} */
       mode: "off" | "dry-run" | "run";
       /** @enum {unknown} */
       playbook: "diagnose" | "power-on" | "restart-hung" | "agent-dead" | "reinstall-pxe" | "reactivate" | "replace-activation";
       /** @enum {unknown} */
       verdict: "running" | "agent-stopped" | "agent-dead" | "os-hung" | "booting" | "asleep" | "off" | "network-down" | "not-managed" | "unknown";
      }[];
     };
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       /** @description Steps from this class on wait for a second person */
       approvalFromClass?: number;
       /** @description The first for a verdict decides */
       rules: {
        /** @description How long the verdict must hold */
        afterMinutes: number;
        /** @description Whether steps that need leave to restart the machine have it; not, unless said */
        mayRestart?: boolean;
        /** @enum {unknown} */
        mode: "off" | "dry-run" | "run";
        /** @enum {unknown} */
        playbook: "diagnose" | "power-on" | "restart-hung" | "agent-dead" | "reinstall-pxe" | "reactivate" | "replace-activation";
        /** @enum {unknown} */
        verdict: "running" | "agent-stopped" | "agent-dead" | "os-hung" | "booting" | "asleep" | "off" | "network-down" | "not-managed" | "unknown";
       }[];
       version: number;
      };
     };
    };
   };
  };
 };
 "/v1/projects/{project}/oob/redirection-rules": {
  /** What holds for redirection sessions: limits, recording, consent */
  get: {
   parameters: {
    path: {
     /** @description Name of the project */
     project: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       checksConsent: boolean;
       /** @description A session in which nobody does anything ends after so long */
       idleMinutes: number;
       /** @description Every session of KVM or SOL ends after so long */
       maxMinutes: number;
       /** @description Whether what people type is recorded too, passwords among it */
       recordsInput: boolean;
       recordsKvm: boolean;
       recordsSol: boolean;
      };
     };
    };
   };
  };
 };
 "/v1/projects/{project}/oob/redirections": {
  /** Redirection sessions that live */
  get: {
   parameters: {
    path: {
     /** @description Name of the project */
     project: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       redirections: {
        by: string;
        device: string;
        /** @description When it ends at the latest: RFC 3339, UTC */
        endsAt: string;
        id: string;
        /** @enum {unknown} */
        kind: "relay" | "terminal" | "image";
        /** @description kvm, sol or ider; unknown until the client has said */
        mode: string;
        received: number;
        /** @description Whether what it shows is recorded */
        recorded: boolean;
        sent: number;
        /** @description RFC 3339, UTC */
        since: string;
       }[];
      };
     };
    };
   };
  };
 };
 "/v1/projects/{project}/oob/redirections/{id}": {
  /** End a redirection session */
  delete: {
   parameters: {
    path: {
     id: string;
     /** @description Name of the project */
     project: string;
    };
   };
   responses: {
    204: {
     content?: never;
    };
   };
  };
 };
 "/v1/projects/{project}/oob/rps/": {
  /** Says where it is */
  get: {
   parameters: {
    path: {
     project: string;
    };
   };
   responses: {
    200: {
     content?: never;
    };
   };
  };
 };
 "/v1/projects/{project}/oob/rps/ciraconfigs": {
  /** CIRA configurations: list */
  get: {
   parameters: {
    query?: {
     /** @description Answers `{ data, totalCount }` instead of the list alone */
     $count?: boolean;
     $skip?: number;
     $top?: number;
    };
    path: {
     project: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       /** @enum {unknown} */
       authMethod: 1 | 2;
       commonName: string;
       /** @description Unlike any other of the kind, whatever its case */
       configName: string;
       mpsPort: number;
       mpsRootCertificate: string;
       mpsServerAddress: string;
       proxyDetails: string;
       /**
        * @description IPv4, IPv6, full name
        * @enum {unknown}
        */
       serverAddressFormat: 3 | 4 | 201;
       /** @description The project; empty for the first */
       tenantId: string;
       username: string;
       /** @description Changes with every change; the entity tag */
       version: string;
      }[] | {
       data: {
        /** @enum {unknown} */
        authMethod: 1 | 2;
        commonName: string;
        /** @description Unlike any other of the kind, whatever its case */
        configName: string;
        mpsPort: number;
        mpsRootCertificate: string;
        mpsServerAddress: string;
        proxyDetails: string;
        /**
         * @description IPv4, IPv6, full name
         * @enum {unknown}
         */
        serverAddressFormat: 3 | 4 | 201;
        /** @description The project; empty for the first */
        tenantId: string;
        username: string;
        /** @description Changes with every change; the entity tag */
        version: string;
       }[];
       totalCount: number;
      };
     };
    };
   };
  };
  /** CIRA configurations: make one */
  post: {
   parameters: {
    path: {
     project: string;
    };
   };
   requestBody: {
    content: {
     "application/json": {
      /** @enum {unknown} */
      authMethod?: 1 | 2;
      commonName?: string;
      /** @description Unlike any other of the kind, whatever its case */
      configName?: string;
      mpsPort?: number;
      mpsRootCertificate?: string;
      mpsServerAddress?: string;
      password?: string;
      proxyDetails?: string;
      /**
       * @description IPv4, IPv6, full name
       * @enum {unknown}
       */
      serverAddressFormat?: 3 | 4 | 201;
      username?: string;
     };
    };
   };
   responses: {
    201: {
     content: {
      "application/json": {
       /** @enum {unknown} */
       authMethod: 1 | 2;
       commonName: string;
       /** @description Unlike any other of the kind, whatever its case */
       configName: string;
       mpsPort: number;
       mpsRootCertificate: string;
       mpsServerAddress: string;
       proxyDetails: string;
       /**
        * @description IPv4, IPv6, full name
        * @enum {unknown}
        */
       serverAddressFormat: 3 | 4 | 201;
       /** @description The project; empty for the first */
       tenantId: string;
       username: string;
       /** @description Changes with every change; the entity tag */
       version: string;
      };
     };
    };
   };
  };
  /** CIRA configurations: change one */
  patch: {
   parameters: {
    path: {
     project: string;
    };
   };
   requestBody: {
    content: {
     "application/json": {
      /** @enum {unknown} */
      authMethod?: 1 | 2;
      commonName?: string;
      /** @description Unlike any other of the kind, whatever its case */
      configName?: string;
      mpsPort?: number;
      mpsRootCertificate?: string;
      mpsServerAddress?: string;
      password?: string;
      proxyDetails?: string;
      /**
       * @description IPv4, IPv6, full name
       * @enum {unknown}
       */
      serverAddressFormat?: 3 | 4 | 201;
      username?: string;
      /** @description Changes with every change; the entity tag */
      version?: string;
     };
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       /** @enum {unknown} */
       authMethod: 1 | 2;
       commonName: string;
       /** @description Unlike any other of the kind, whatever its case */
       configName: string;
       mpsPort: number;
       mpsRootCertificate: string;
       mpsServerAddress: string;
       proxyDetails: string;
       /**
        * @description IPv4, IPv6, full name
        * @enum {unknown}
        */
       serverAddressFormat: 3 | 4 | 201;
       /** @description The project; empty for the first */
       tenantId: string;
       username: string;
       /** @description Changes with every change; the entity tag */
       version: string;
      };
     };
    };
   };
  };
 };
 "/v1/projects/{project}/oob/rps/ciraconfigs/{name}": {
  /** CIRA configurations: look at one */
  get: {
   parameters: {
    path: {
     name: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       /** @enum {unknown} */
       authMethod: 1 | 2;
       commonName: string;
       /** @description Unlike any other of the kind, whatever its case */
       configName: string;
       mpsPort: number;
       mpsRootCertificate: string;
       mpsServerAddress: string;
       proxyDetails: string;
       /**
        * @description IPv4, IPv6, full name
        * @enum {unknown}
        */
       serverAddressFormat: 3 | 4 | 201;
       /** @description The project; empty for the first */
       tenantId: string;
       username: string;
       /** @description Changes with every change; the entity tag */
       version: string;
      };
     };
    };
   };
  };
  /** CIRA configurations: remove one */
  delete: {
   parameters: {
    path: {
     name: string;
    };
   };
   responses: {
    204: {
     content?: never;
    };
   };
  };
 };
 "/v1/projects/{project}/oob/rps/domains": {
  /** Domains and their provisioning certificates: list */
  get: {
   parameters: {
    query?: {
     /** @description Answers `{ data, totalCount }` instead of the list alone */
     $count?: boolean;
     $skip?: number;
     $top?: number;
    };
    path: {
     project: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       domainSuffix: string;
       expirationDate: string;
       /** @description Unlike any other of the kind, whatever its case */
       profileName: string;
       /** @enum {unknown} */
       provisioningCertStorageFormat: "raw" | "string";
       /** @description The project; empty for the first */
       tenantId: string;
       /** @description Changes with every change; the entity tag */
       version: string;
      }[] | {
       data: {
        domainSuffix: string;
        expirationDate: string;
        /** @description Unlike any other of the kind, whatever its case */
        profileName: string;
        /** @enum {unknown} */
        provisioningCertStorageFormat: "raw" | "string";
        /** @description The project; empty for the first */
        tenantId: string;
        /** @description Changes with every change; the entity tag */
        version: string;
       }[];
       totalCount: number;
      };
     };
    };
   };
  };
  /** Domains and their provisioning certificates: make one */
  post: {
   parameters: {
    path: {
     project: string;
    };
   };
   requestBody: {
    content: {
     "application/json": {
      domainSuffix?: string;
      /** @description Unlike any other of the kind, whatever its case */
      profileName?: string;
      provisioningCert?: string;
      provisioningCertPassword?: string;
      /** @enum {unknown} */
      provisioningCertStorageFormat?: "raw" | "string";
     };
    };
   };
   responses: {
    201: {
     content: {
      "application/json": {
       domainSuffix: string;
       expirationDate: string;
       /** @description Unlike any other of the kind, whatever its case */
       profileName: string;
       /** @enum {unknown} */
       provisioningCertStorageFormat: "raw" | "string";
       /** @description The project; empty for the first */
       tenantId: string;
       /** @description Changes with every change; the entity tag */
       version: string;
      };
     };
    };
   };
  };
  /** Domains and their provisioning certificates: change one */
  patch: {
   parameters: {
    path: {
     project: string;
    };
   };
   requestBody: {
    content: {
     "application/json": {
      domainSuffix?: string;
      /** @description Unlike any other of the kind, whatever its case */
      profileName?: string;
      provisioningCert?: string;
      provisioningCertPassword?: string;
      /** @enum {unknown} */
      provisioningCertStorageFormat?: "raw" | "string";
      /** @description Changes with every change; the entity tag */
      version?: string;
     };
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       domainSuffix: string;
       expirationDate: string;
       /** @description Unlike any other of the kind, whatever its case */
       profileName: string;
       /** @enum {unknown} */
       provisioningCertStorageFormat: "raw" | "string";
       /** @description The project; empty for the first */
       tenantId: string;
       /** @description Changes with every change; the entity tag */
       version: string;
      };
     };
    };
   };
  };
 };
 "/v1/projects/{project}/oob/rps/domains/{name}": {
  /** Domains and their provisioning certificates: look at one */
  get: {
   parameters: {
    path: {
     name: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       domainSuffix: string;
       expirationDate: string;
       /** @description Unlike any other of the kind, whatever its case */
       profileName: string;
       /** @enum {unknown} */
       provisioningCertStorageFormat: "raw" | "string";
       /** @description The project; empty for the first */
       tenantId: string;
       /** @description Changes with every change; the entity tag */
       version: string;
      };
     };
    };
   };
  };
  /** Domains and their provisioning certificates: remove one */
  delete: {
   parameters: {
    path: {
     name: string;
    };
   };
   responses: {
    204: {
     content?: never;
    };
   };
  };
 };
 "/v1/projects/{project}/oob/rps/health": {
  /** Whether database and secrets can be used */
  get: {
   parameters: {
    path: {
     project: string;
    };
   };
   responses: {
    200: {
     content?: never;
    };
   };
  };
 };
 "/v1/projects/{project}/oob/rps/ieee8021xconfigs": {
  /** 802.1x configurations: list */
  get: {
   parameters: {
    query?: {
     /** @description Answers `{ data, totalCount }` instead of the list alone */
     $count?: boolean;
     $skip?: number;
     $top?: number;
    };
    path: {
     project: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       /** @enum {unknown} */
       authenticationProtocol: 0 | 2 | 3 | 5 | 10;
       /** @description Unlike any other of the kind, whatever its case */
       profileName: string;
       pxeTimeout: number | null;
       /** @description The project; empty for the first */
       tenantId: string;
       /** @description Changes with every change; the entity tag */
       version: string;
       wiredInterface: boolean;
      }[] | {
       data: {
        /** @enum {unknown} */
        authenticationProtocol: 0 | 2 | 3 | 5 | 10;
        /** @description Unlike any other of the kind, whatever its case */
        profileName: string;
        pxeTimeout: number | null;
        /** @description The project; empty for the first */
        tenantId: string;
        /** @description Changes with every change; the entity tag */
        version: string;
        wiredInterface: boolean;
       }[];
       totalCount: number;
      };
     };
    };
   };
  };
  /** 802.1x configurations: make one */
  post: {
   parameters: {
    path: {
     project: string;
    };
   };
   requestBody: {
    content: {
     "application/json": {
      /** @enum {unknown} */
      authenticationProtocol?: 0 | 2 | 3 | 5 | 10;
      /** @description Unlike any other of the kind, whatever its case */
      profileName?: string;
      pxeTimeout?: number | null;
      wiredInterface?: boolean;
     };
    };
   };
   responses: {
    201: {
     content: {
      "application/json": {
       /** @enum {unknown} */
       authenticationProtocol: 0 | 2 | 3 | 5 | 10;
       /** @description Unlike any other of the kind, whatever its case */
       profileName: string;
       pxeTimeout: number | null;
       /** @description The project; empty for the first */
       tenantId: string;
       /** @description Changes with every change; the entity tag */
       version: string;
       wiredInterface: boolean;
      };
     };
    };
   };
  };
  /** 802.1x configurations: change one */
  patch: {
   parameters: {
    path: {
     project: string;
    };
   };
   requestBody: {
    content: {
     "application/json": {
      /** @enum {unknown} */
      authenticationProtocol?: 0 | 2 | 3 | 5 | 10;
      /** @description Unlike any other of the kind, whatever its case */
      profileName?: string;
      pxeTimeout?: number | null;
      /** @description Changes with every change; the entity tag */
      version?: string;
      wiredInterface?: boolean;
     };
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       /** @enum {unknown} */
       authenticationProtocol: 0 | 2 | 3 | 5 | 10;
       /** @description Unlike any other of the kind, whatever its case */
       profileName: string;
       pxeTimeout: number | null;
       /** @description The project; empty for the first */
       tenantId: string;
       /** @description Changes with every change; the entity tag */
       version: string;
       wiredInterface: boolean;
      };
     };
    };
   };
  };
 };
 "/v1/projects/{project}/oob/rps/ieee8021xconfigs/{name}": {
  /** 802.1x configurations: look at one */
  get: {
   parameters: {
    path: {
     name: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       /** @enum {unknown} */
       authenticationProtocol: 0 | 2 | 3 | 5 | 10;
       /** @description Unlike any other of the kind, whatever its case */
       profileName: string;
       pxeTimeout: number | null;
       /** @description The project; empty for the first */
       tenantId: string;
       /** @description Changes with every change; the entity tag */
       version: string;
       wiredInterface: boolean;
      };
     };
    };
   };
  };
  /** 802.1x configurations: remove one */
  delete: {
   parameters: {
    path: {
     name: string;
    };
   };
   responses: {
    204: {
     content?: never;
    };
   };
  };
 };
 "/v1/projects/{project}/oob/rps/profiles": {
  /** Profiles of activation: list */
  get: {
   parameters: {
    query?: {
     /** @description Answers `{ data, totalCount }` instead of the list alone */
     $count?: boolean;
     $skip?: number;
     $top?: number;
    };
    path: {
     project: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       /** @enum {unknown} */
       activation: "ccmactivate" | "acmactivate";
       ciraConfigName: string | null;
       dhcpEnabled: boolean;
       generateRandomMEBxPassword: boolean;
       generateRandomPassword: boolean;
       iderEnabled: boolean;
       ieee8021xProfile: string | null;
       ieee8021xProfileName: string | null;
       ipSyncEnabled: boolean;
       kvmEnabled: boolean;
       localWifiSyncEnabled: boolean;
       /** @description Unlike any other of the kind, whatever its case */
       profileName: string;
       proxyConfigs: {
        name: string;
        priority: number;
       }[];
       solEnabled: boolean;
       tags: string[];
       /** @description The project; empty for the first */
       tenantId: string;
       tlsMode: number | null;
       tlsSigningAuthority: string | null;
       uefiWifiSyncEnabled: boolean;
       /** @enum {unknown} */
       userConsent: "None" | "All" | "KVM";
       /** @description Changes with every change; the entity tag */
       version: string;
       wifiConfigs: {
        priority: number;
        profileName: string;
       }[];
      }[] | {
       data: {
        /** @enum {unknown} */
        activation: "ccmactivate" | "acmactivate";
        ciraConfigName: string | null;
        dhcpEnabled: boolean;
        generateRandomMEBxPassword: boolean;
        generateRandomPassword: boolean;
        iderEnabled: boolean;
        ieee8021xProfile: string | null;
        ieee8021xProfileName: string | null;
        ipSyncEnabled: boolean;
        kvmEnabled: boolean;
        localWifiSyncEnabled: boolean;
        /** @description Unlike any other of the kind, whatever its case */
        profileName: string;
        proxyConfigs: {
         name: string;
         priority: number;
        }[];
        solEnabled: boolean;
        tags: string[];
        /** @description The project; empty for the first */
        tenantId: string;
        tlsMode: number | null;
        tlsSigningAuthority: string | null;
        uefiWifiSyncEnabled: boolean;
        /** @enum {unknown} */
        userConsent: "None" | "All" | "KVM";
        /** @description Changes with every change; the entity tag */
        version: string;
        wifiConfigs: {
         priority: number;
         profileName: string;
        }[];
       }[];
       totalCount: number;
      };
     };
    };
   };
  };
  /** Profiles of activation: make one */
  post: {
   parameters: {
    path: {
     project: string;
    };
   };
   requestBody: {
    content: {
     "application/json": {
      /** @enum {unknown} */
      activation?: "ccmactivate" | "acmactivate";
      amtPassword?: string;
      ciraConfigName?: string | null;
      dhcpEnabled?: boolean;
      generateRandomMEBxPassword?: boolean;
      generateRandomPassword?: boolean;
      iderEnabled?: boolean;
      ieee8021xProfileName?: string | null;
      ipSyncEnabled?: boolean;
      kvmEnabled?: boolean;
      localWifiSyncEnabled?: boolean;
      mebxPassword?: string;
      /** @description Unlike any other of the kind, whatever its case */
      profileName?: string;
      proxyConfigs?: {
       name: string;
       priority: number;
      }[];
      solEnabled?: boolean;
      tags?: string[];
      tlsMode?: number | null;
      tlsSigningAuthority?: string | null;
      uefiWifiSyncEnabled?: boolean;
      /** @enum {unknown} */
      userConsent?: "None" | "All" | "KVM";
      wifiConfigs?: {
       priority: number;
       profileName: string;
      }[];
     };
    };
   };
   responses: {
    201: {
     content: {
      "application/json": {
       /** @enum {unknown} */
       activation: "ccmactivate" | "acmactivate";
       ciraConfigName: string | null;
       dhcpEnabled: boolean;
       generateRandomMEBxPassword: boolean;
       generateRandomPassword: boolean;
       iderEnabled: boolean;
       ieee8021xProfile: string | null;
       ieee8021xProfileName: string | null;
       ipSyncEnabled: boolean;
       kvmEnabled: boolean;
       localWifiSyncEnabled: boolean;
       /** @description Unlike any other of the kind, whatever its case */
       profileName: string;
       proxyConfigs: {
        name: string;
        priority: number;
       }[];
       solEnabled: boolean;
       tags: string[];
       /** @description The project; empty for the first */
       tenantId: string;
       tlsMode: number | null;
       tlsSigningAuthority: string | null;
       uefiWifiSyncEnabled: boolean;
       /** @enum {unknown} */
       userConsent: "None" | "All" | "KVM";
       /** @description Changes with every change; the entity tag */
       version: string;
       wifiConfigs: {
        priority: number;
        profileName: string;
       }[];
      };
     };
    };
   };
  };
  /** Profiles of activation: change one */
  patch: {
   parameters: {
    path: {
     project: string;
    };
   };
   requestBody: {
    content: {
     "application/json": {
      /** @enum {unknown} */
      activation?: "ccmactivate" | "acmactivate";
      amtPassword?: string;
      ciraConfigName?: string | null;
      dhcpEnabled?: boolean;
      generateRandomMEBxPassword?: boolean;
      generateRandomPassword?: boolean;
      iderEnabled?: boolean;
      ieee8021xProfileName?: string | null;
      ipSyncEnabled?: boolean;
      kvmEnabled?: boolean;
      localWifiSyncEnabled?: boolean;
      mebxPassword?: string;
      /** @description Unlike any other of the kind, whatever its case */
      profileName?: string;
      proxyConfigs?: {
       name: string;
       priority: number;
      }[];
      solEnabled?: boolean;
      tags?: string[];
      tlsMode?: number | null;
      tlsSigningAuthority?: string | null;
      uefiWifiSyncEnabled?: boolean;
      /** @enum {unknown} */
      userConsent?: "None" | "All" | "KVM";
      /** @description Changes with every change; the entity tag */
      version?: string;
      wifiConfigs?: {
       priority: number;
       profileName: string;
      }[];
     };
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       /** @enum {unknown} */
       activation: "ccmactivate" | "acmactivate";
       ciraConfigName: string | null;
       dhcpEnabled: boolean;
       generateRandomMEBxPassword: boolean;
       generateRandomPassword: boolean;
       iderEnabled: boolean;
       ieee8021xProfile: string | null;
       ieee8021xProfileName: string | null;
       ipSyncEnabled: boolean;
       kvmEnabled: boolean;
       localWifiSyncEnabled: boolean;
       /** @description Unlike any other of the kind, whatever its case */
       profileName: string;
       proxyConfigs: {
        name: string;
        priority: number;
       }[];
       solEnabled: boolean;
       tags: string[];
       /** @description The project; empty for the first */
       tenantId: string;
       tlsMode: number | null;
       tlsSigningAuthority: string | null;
       uefiWifiSyncEnabled: boolean;
       /** @enum {unknown} */
       userConsent: "None" | "All" | "KVM";
       /** @description Changes with every change; the entity tag */
       version: string;
       wifiConfigs: {
        priority: number;
        profileName: string;
       }[];
      };
     };
    };
   };
  };
 };
 "/v1/projects/{project}/oob/rps/profiles/{name}": {
  /** Profiles of activation: look at one */
  get: {
   parameters: {
    path: {
     name: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       /** @enum {unknown} */
       activation: "ccmactivate" | "acmactivate";
       ciraConfigName: string | null;
       dhcpEnabled: boolean;
       generateRandomMEBxPassword: boolean;
       generateRandomPassword: boolean;
       iderEnabled: boolean;
       ieee8021xProfile: string | null;
       ieee8021xProfileName: string | null;
       ipSyncEnabled: boolean;
       kvmEnabled: boolean;
       localWifiSyncEnabled: boolean;
       /** @description Unlike any other of the kind, whatever its case */
       profileName: string;
       proxyConfigs: {
        name: string;
        priority: number;
       }[];
       solEnabled: boolean;
       tags: string[];
       /** @description The project; empty for the first */
       tenantId: string;
       tlsMode: number | null;
       tlsSigningAuthority: string | null;
       uefiWifiSyncEnabled: boolean;
       /** @enum {unknown} */
       userConsent: "None" | "All" | "KVM";
       /** @description Changes with every change; the entity tag */
       version: string;
       wifiConfigs: {
        priority: number;
        profileName: string;
       }[];
      };
     };
    };
   };
  };
  /** Profiles of activation: remove one */
  delete: {
   parameters: {
    path: {
     name: string;
    };
   };
   responses: {
    204: {
     content?: never;
    };
   };
  };
 };
 "/v1/projects/{project}/oob/rps/profiles/export/{name}": {
  /** A profile as the encrypted file that `rpc` 3 reads */
  get: {
   parameters: {
    path: {
     name: string;
     project: string;
    };
   };
   responses: {
    200: {
     content?: never;
    };
   };
  };
 };
 "/v1/projects/{project}/oob/rps/proxyconfigs": {
  /** Proxy configurations: list */
  get: {
   parameters: {
    query?: {
     /** @description Answers `{ data, totalCount }` instead of the list alone */
     $count?: boolean;
     $skip?: number;
     $top?: number;
    };
    path: {
     project: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       address: string;
       /**
        * @description IPv4, IPv6, full name
        * @enum {unknown}
        */
       infoFormat: 3 | 4 | 201;
       /** @description Unlike any other of the kind, whatever its case */
       name: string;
       networkDnsSuffix: string;
       port: number;
       /** @description Unlike any other of the kind, whatever its case */
       proxyName: string;
       /** @description The project; empty for the first */
       tenantId: string;
       /** @description Changes with every change; the entity tag */
       version: string;
      }[] | {
       data: {
        address: string;
        /**
         * @description IPv4, IPv6, full name
         * @enum {unknown}
         */
        infoFormat: 3 | 4 | 201;
        /** @description Unlike any other of the kind, whatever its case */
        name: string;
        networkDnsSuffix: string;
        port: number;
        /** @description Unlike any other of the kind, whatever its case */
        proxyName: string;
        /** @description The project; empty for the first */
        tenantId: string;
        /** @description Changes with every change; the entity tag */
        version: string;
       }[];
       totalCount: number;
      };
     };
    };
   };
  };
  /** Proxy configurations: make one */
  post: {
   parameters: {
    path: {
     project: string;
    };
   };
   requestBody: {
    content: {
     "application/json": {
      address?: string;
      /** @description Unlike any other of the kind, whatever its case */
      name?: string;
      networkDnsSuffix?: string;
      port?: number;
     };
    };
   };
   responses: {
    201: {
     content: {
      "application/json": {
       address: string;
       /**
        * @description IPv4, IPv6, full name
        * @enum {unknown}
        */
       infoFormat: 3 | 4 | 201;
       /** @description Unlike any other of the kind, whatever its case */
       name: string;
       networkDnsSuffix: string;
       port: number;
       /** @description Unlike any other of the kind, whatever its case */
       proxyName: string;
       /** @description The project; empty for the first */
       tenantId: string;
       /** @description Changes with every change; the entity tag */
       version: string;
      };
     };
    };
   };
  };
  /** Proxy configurations: change one */
  patch: {
   parameters: {
    path: {
     project: string;
    };
   };
   requestBody: {
    content: {
     "application/json": {
      address?: string;
      /** @description Unlike any other of the kind, whatever its case */
      name?: string;
      networkDnsSuffix?: string;
      port?: number;
      /** @description Changes with every change; the entity tag */
      version?: string;
     };
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       address: string;
       /**
        * @description IPv4, IPv6, full name
        * @enum {unknown}
        */
       infoFormat: 3 | 4 | 201;
       /** @description Unlike any other of the kind, whatever its case */
       name: string;
       networkDnsSuffix: string;
       port: number;
       /** @description Unlike any other of the kind, whatever its case */
       proxyName: string;
       /** @description The project; empty for the first */
       tenantId: string;
       /** @description Changes with every change; the entity tag */
       version: string;
      };
     };
    };
   };
  };
 };
 "/v1/projects/{project}/oob/rps/proxyconfigs/{name}": {
  /** Proxy configurations: look at one */
  get: {
   parameters: {
    path: {
     name: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       address: string;
       /**
        * @description IPv4, IPv6, full name
        * @enum {unknown}
        */
       infoFormat: 3 | 4 | 201;
       /** @description Unlike any other of the kind, whatever its case */
       name: string;
       networkDnsSuffix: string;
       port: number;
       /** @description Unlike any other of the kind, whatever its case */
       proxyName: string;
       /** @description The project; empty for the first */
       tenantId: string;
       /** @description Changes with every change; the entity tag */
       version: string;
      };
     };
    };
   };
  };
  /** Proxy configurations: remove one */
  delete: {
   parameters: {
    path: {
     name: string;
    };
   };
   responses: {
    204: {
     content?: never;
    };
   };
  };
 };
 "/v1/projects/{project}/oob/rps/version": {
  /** Version of the interface and of the protocol of `rpc` */
  get: {
   parameters: {
    path: {
     project: string;
    };
   };
   responses: {
    200: {
     content?: never;
    };
   };
  };
 };
 "/v1/projects/{project}/oob/rps/wirelessconfigs": {
  /** Wireless profiles: list */
  get: {
   parameters: {
    query?: {
     /** @description Answers `{ data, totalCount }` instead of the list alone */
     $count?: boolean;
     $skip?: number;
     $top?: number;
    };
    path: {
     project: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       authenticationMethod: number;
       /** @enum {unknown} */
       encryptionMethod: 3 | 4;
       ieee8021xProfile: string | null;
       ieee8021xProfileName: string | null;
       linkPolicy: number[];
       /** @description Unlike any other of the kind, whatever its case */
       profileName: string;
       pskValue: null;
       ssid: string;
       /** @description The project; empty for the first */
       tenantId: string;
       /** @description Changes with every change; the entity tag */
       version: string;
      }[] | {
       data: {
        authenticationMethod: number;
        /** @enum {unknown} */
        encryptionMethod: 3 | 4;
        ieee8021xProfile: string | null;
        ieee8021xProfileName: string | null;
        linkPolicy: number[];
        /** @description Unlike any other of the kind, whatever its case */
        profileName: string;
        pskValue: null;
        ssid: string;
        /** @description The project; empty for the first */
        tenantId: string;
        /** @description Changes with every change; the entity tag */
        version: string;
       }[];
       totalCount: number;
      };
     };
    };
   };
  };
  /** Wireless profiles: make one */
  post: {
   parameters: {
    path: {
     project: string;
    };
   };
   requestBody: {
    content: {
     "application/json": {
      authenticationMethod?: number;
      /** @enum {unknown} */
      encryptionMethod?: 3 | 4;
      ieee8021xProfileName?: string | null;
      linkPolicy?: number[];
      /** @description Unlike any other of the kind, whatever its case */
      profileName?: string;
      pskPassphrase?: string;
      ssid?: string;
     };
    };
   };
   responses: {
    201: {
     content: {
      "application/json": {
       authenticationMethod: number;
       /** @enum {unknown} */
       encryptionMethod: 3 | 4;
       ieee8021xProfile: string | null;
       ieee8021xProfileName: string | null;
       linkPolicy: number[];
       /** @description Unlike any other of the kind, whatever its case */
       profileName: string;
       pskValue: null;
       ssid: string;
       /** @description The project; empty for the first */
       tenantId: string;
       /** @description Changes with every change; the entity tag */
       version: string;
      };
     };
    };
   };
  };
  /** Wireless profiles: change one */
  patch: {
   parameters: {
    path: {
     project: string;
    };
   };
   requestBody: {
    content: {
     "application/json": {
      authenticationMethod?: number;
      /** @enum {unknown} */
      encryptionMethod?: 3 | 4;
      ieee8021xProfileName?: string | null;
      linkPolicy?: number[];
      /** @description Unlike any other of the kind, whatever its case */
      profileName?: string;
      pskPassphrase?: string;
      ssid?: string;
      /** @description Changes with every change; the entity tag */
      version?: string;
     };
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       authenticationMethod: number;
       /** @enum {unknown} */
       encryptionMethod: 3 | 4;
       ieee8021xProfile: string | null;
       ieee8021xProfileName: string | null;
       linkPolicy: number[];
       /** @description Unlike any other of the kind, whatever its case */
       profileName: string;
       pskValue: null;
       ssid: string;
       /** @description The project; empty for the first */
       tenantId: string;
       /** @description Changes with every change; the entity tag */
       version: string;
      };
     };
    };
   };
  };
 };
 "/v1/projects/{project}/oob/rps/wirelessconfigs/{name}": {
  /** Wireless profiles: look at one */
  get: {
   parameters: {
    path: {
     name: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       authenticationMethod: number;
       /** @enum {unknown} */
       encryptionMethod: 3 | 4;
       ieee8021xProfile: string | null;
       ieee8021xProfileName: string | null;
       linkPolicy: number[];
       /** @description Unlike any other of the kind, whatever its case */
       profileName: string;
       pskValue: null;
       ssid: string;
       /** @description The project; empty for the first */
       tenantId: string;
       /** @description Changes with every change; the entity tag */
       version: string;
      };
     };
    };
   };
  };
  /** Wireless profiles: remove one */
  delete: {
   parameters: {
    path: {
     name: string;
    };
   };
   responses: {
    204: {
     content?: never;
    };
   };
  };
 };
 "/v1/projects/{project}/oob/shared-passwords": {
  /** Whether the default profiles give all devices one password */
  get: {
   parameters: {
    path: {
     /** @description Name of the project */
     project: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       shared: boolean;
       warning?: string;
      };
     };
    };
   };
  };
  /** Give all devices that the default profiles activate one password; not advised */
  put: {
   parameters: {
    path: {
     /** @description Name of the project */
     project: string;
    };
   };
   requestBody: {
    content: {
     "application/json": {
      amt: string;
      mebx: string;
      reason?: string;
     };
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       shared: boolean;
       warning?: string;
      };
     };
    };
   };
  };
  /** Give each device a password of its own again */
  delete: {
   parameters: {
    path: {
     /** @description Name of the project */
     project: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       shared: boolean;
       warning?: string;
      };
     };
    };
   };
  };
 };
 "/v1/projects/{project}/oob/status": {
  /** How each machine is, as agent, tunnel and power tell it */
  get: {
   parameters: {
    query?: {
     cursor?: string;
     /** @description GUID of the device */
     guid?: string;
     /** @description Id of the host */
     host?: string;
     pageSize?: number;
    };
    path: {
     /** @description Name of the project */
     project: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       lines: {
        address?: string;
        advice: string;
        attempt?: number;
        connected: boolean;
        controlMode: string;
        evidence: string;
        guid?: string;
        /** @description Id of the host */
        host?: string;
        indicator: string;
        name: string;
        power?: number;
        /** @description RFC 3339, UTC */
        powerReadAt?: string;
        powerState: string;
        /** @description RFC 3339, UTC */
        since?: string;
        sku: string;
        status: string;
        /** @enum {unknown} */
        verdict: "running" | "agent-stopped" | "agent-dead" | "os-hung" | "booting" | "asleep" | "off" | "network-down" | "not-managed" | "unknown";
        version?: string;
        wanted?: string;
        /** @description Why it is, or is not, manageable out of band */
        why: string;
       }[];
       nextCursor?: string;
      };
     };
    };
   };
  };
 };
 "/v1/projects/{project}/oob/summary": {
  /** How many hosts have AMT, ISM, neither, or could not tell */
  get: {
   parameters: {
    path: {
     /** @description Name of the project */
     project: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       amt: number;
       ism: number;
       none: number;
       unknown: number;
      };
     };
    };
   };
  };
 };
 "/v1/projects/{project}/quotas": {
  /** How much the project may hold */
  get: {
   parameters: {
    path: {
     /** @description Name of the project */
     project: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       /** @description What is not named has no limit */
       quotas: {
        /** @description Hosts, without those that were deleted */
        hosts?: number;
        /** @description Join tokens that still let machines in */
        joinTokens?: number;
        /** @description Commands without an outcome */
        queuedCommands?: number;
        /** @description Regions */
        regions?: number;
        /** @description Sites */
        sites?: number;
       };
      };
     };
    };
   };
  };
  /** Set how much the project may hold; what is not named has no limit */
  put: {
   parameters: {
    query?: {
     /** @description Why; it is kept in the audit beside your name */
     reason?: string;
    };
    path: {
     /** @description Name of the project */
     project: string;
    };
   };
   /** @description What is not named has no limit */
   requestBody: {
    content: {
     "application/json": {
      /** @description Hosts, without those that were deleted */
      hosts?: number;
      /** @description Join tokens that still let machines in */
      joinTokens?: number;
      /** @description Commands without an outcome */
      queuedCommands?: number;
      /** @description Regions */
      regions?: number;
      /** @description Sites */
      sites?: number;
     };
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       /** @description What is not named has no limit */
       quotas: {
        /** @description Hosts, without those that were deleted */
        hosts?: number;
        /** @description Join tokens that still let machines in */
        joinTokens?: number;
        /** @description Commands without an outcome */
        queuedCommands?: number;
        /** @description Regions */
        regions?: number;
        /** @description Sites */
        sites?: number;
       };
      };
     };
    };
   };
  };
 };
 "/v1/projects/{project}/schedules/upcoming": {
  /** When schedules open next, those that are open now first */
  get: {
   parameters: {
    query?: {
     /** @description At most so many; 10 unless told */
     count?: number;
     hostId?: string;
     /** @description Those of this region and those around it */
     regionId?: string;
     /** @description Those of this site and its regions */
     siteId?: string;
    };
    path: {
     /** @description Name of the project */
     project: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       /** @description RFC 3339, UTC */
       now: string;
       occurrences: {
        /** @description Unix seconds; without it the window is open until it is ended */
        endSeconds?: number;
        /** @description RFC 3339, UTC */
        endTime?: string;
        localEnd?: string;
        /** @description Local time of the time zone, with its offset */
        localStart: string;
        name: string;
        /** @description It is open now */
        open: boolean;
        scheduleId: string;
        scheduleStatus: string;
        /** @description Unix seconds */
        startSeconds: number;
        /** @description RFC 3339, UTC */
        startTime: string;
        /** @description The host, site or region whose schedule it is */
        targetId: string;
        timezone: string;
       }[];
       totalElements: number;
      };
     };
    };
   };
  };
 };
 "/v1/projects/{project}/status": {
  /** How far a project has come in being made or deleted */
  get: {
   parameters: {
    path: {
     /** @description Name of the project */
     project: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       projectStatus: {
        message: string;
        /** @enum {unknown} */
        statusIndicator: "STATUS_INDICATION_IDLE" | "STATUS_INDICATION_IN_PROGRESS";
        /** @description Unix seconds */
        timeStamp: number;
        /** @description UUID */
        uID: string;
       };
      };
     };
    };
   };
  };
 };
 "/v1/projects/{project}/views": {
  /** List the views of a project, and your own */
  get: {
   parameters: {
    query?: {
     /** @description The page it is a view of, such as hosts */
     page?: string;
    };
    path: {
     /** @description Name of the project */
     project: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       views: {
        /** @description Who wrote it last */
        by: string;
        id: string;
        name: string;
        page: string;
        query: string;
        shared: boolean;
        timestamps: {
         /** @description RFC 3339, UTC */
         createdAt: string;
         /** @description RFC 3339, UTC */
         updatedAt: string;
        };
       }[];
      };
     };
    };
   };
  };
  /** Keep a view; one of the same name is replaced */
  post: {
   parameters: {
    path: {
     /** @description Name of the project */
     project: string;
    };
   };
   requestBody: {
    content: {
     "application/json": {
      name: string;
      /** @description The page it is a view of, such as hosts */
      page: string;
      /** @description What stands behind the question mark of the page's address */
      query: string;
      /** @description With everybody in the project; for its maker alone otherwise */
      shared?: boolean;
     };
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       /** @description Who wrote it last */
       by: string;
       id: string;
       name: string;
       page: string;
       query: string;
       shared: boolean;
       timestamps: {
        /** @description RFC 3339, UTC */
        createdAt: string;
        /** @description RFC 3339, UTC */
        updatedAt: string;
       };
      };
     };
    };
   };
  };
 };
 "/v1/projects/{project}/views/{view}": {
  /** Remove a view */
  delete: {
   parameters: {
    path: {
     /** @description Name of the project */
     project: string;
     view: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": Record<string, unknown>;
     };
    };
   };
  };
 };
 "/v1/projects/{project}/webhooks": {
  /** List webhooks */
  get: {
   parameters: {
    path: {
     /** @description Name of the project */
     project: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       hasNext: boolean;
       totalElements: number;
       webhooks: {
        caCertificate?: string;
        /** @description Every event up to this one was looked at */
        cursor: number;
        deliveries: {
         dead: number;
         delivered: number;
         pending: number;
        };
        disabledWhy?: string;
        enabled: boolean;
        /** @description RFC 3339, UTC */
        failingSince?: string;
        name: string;
        resourceId: string;
        timestamps: {
         /** @description RFC 3339, UTC */
         createdAt: string;
         /** @description RFC 3339, UTC */
         updatedAt: string;
        };
        types: string[];
        url: string;
       }[];
      };
     };
    };
   };
  };
  /** Have events told to an address; the secret is shown this once */
  post: {
   parameters: {
    path: {
     /** @description Name of the project */
     project: string;
    };
   };
   requestBody: {
    content: {
     "application/json": {
      /** @description PEM of the authority the receiver goes by; empty for none */
      caCertificate?: string;
      enabled?: boolean;
      name?: string;
      /** @description Types of events, or the words they begin with; * for all */
      types?: string[];
      /** @description https://; plain http:// for loopback */
      url: string;
     };
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       caCertificate?: string;
       /** @description Every event up to this one was looked at */
       cursor: number;
       deliveries: {
        dead: number;
        delivered: number;
        pending: number;
       };
       disabledWhy?: string;
       enabled: boolean;
       /** @description RFC 3339, UTC */
       failingSince?: string;
       name: string;
       resourceId: string;
       secret: string;
       timestamps: {
        /** @description RFC 3339, UTC */
        createdAt: string;
        /** @description RFC 3339, UTC */
        updatedAt: string;
       };
       types: string[];
       url: string;
      };
     };
    };
   };
  };
 };
 "/v1/projects/{project}/webhooks/{webhook}": {
  /** Read a webhook */
  get: {
   parameters: {
    path: {
     /** @description Name of the project */
     project: string;
     webhook: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       caCertificate?: string;
       /** @description Every event up to this one was looked at */
       cursor: number;
       deliveries: {
        dead: number;
        delivered: number;
        pending: number;
       };
       disabledWhy?: string;
       enabled: boolean;
       /** @description RFC 3339, UTC */
       failingSince?: string;
       name: string;
       resourceId: string;
       timestamps: {
        /** @description RFC 3339, UTC */
        createdAt: string;
        /** @description RFC 3339, UTC */
        updatedAt: string;
       };
       types: string[];
       url: string;
      };
     };
    };
   };
  };
  /** Remove a webhook and what it has still to tell */
  delete: {
   parameters: {
    query?: {
     reason?: string;
    };
    path: {
     /** @description Name of the project */
     project: string;
     webhook: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": Record<string, unknown>;
     };
    };
   };
  };
  /** Change a webhook */
  patch: {
   parameters: {
    path: {
     /** @description Name of the project */
     project: string;
     webhook: string;
    };
   };
   requestBody: {
    content: {
     "application/json": {
      /** @description PEM of the authority the receiver goes by; empty for none */
      caCertificate?: string;
      enabled?: boolean;
      name?: string;
      /** @description Types of events, or the words they begin with; * for all */
      types?: string[];
      /** @description https://; plain http:// for loopback */
      url?: string;
     };
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       caCertificate?: string;
       /** @description Every event up to this one was looked at */
       cursor: number;
       deliveries: {
        dead: number;
        delivered: number;
        pending: number;
       };
       disabledWhy?: string;
       enabled: boolean;
       /** @description RFC 3339, UTC */
       failingSince?: string;
       name: string;
       resourceId: string;
       timestamps: {
        /** @description RFC 3339, UTC */
        createdAt: string;
        /** @description RFC 3339, UTC */
        updatedAt: string;
       };
       types: string[];
       url: string;
      };
     };
    };
   };
  };
 };
 "/v1/projects/{project}/webhooks/{webhook}/deliveries": {
  /** List deliveries, newest first; dead letters with state=dead */
  get: {
   parameters: {
    query?: {
     cursor?: string;
     pageSize?: number;
     state?: "pending" | "delivered" | "dead";
    };
    path: {
     /** @description Name of the project */
     project: string;
     webhook: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       deliveries: {
        attempts: number;
        /** @description RFC 3339, UTC */
        createdAt: string;
        error?: string;
        event: number;
        /** @description RFC 3339, UTC */
        finishedAt?: string;
        id: string;
        /** @description RFC 3339, UTC */
        nextAt?: string;
        /** @enum {unknown} */
        state: "pending" | "delivered" | "dead";
        status?: number;
        type: string;
       }[];
       hasNext: boolean;
       nextCursor?: string;
      };
     };
    };
   };
  };
 };
 "/v1/projects/{project}/webhooks/{webhook}/deliveries/{delivery}/retry": {
  /** Try a delivery again that is over */
  post: {
   parameters: {
    path: {
     delivery: string;
     /** @description Name of the project */
     project: string;
     webhook: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       attempts: number;
       /** @description RFC 3339, UTC */
       createdAt: string;
       error?: string;
       event: number;
       /** @description RFC 3339, UTC */
       finishedAt?: string;
       id: string;
       /** @description RFC 3339, UTC */
       nextAt?: string;
       /** @enum {unknown} */
       state: "pending" | "delivered" | "dead";
       status?: number;
       type: string;
      };
     };
    };
   };
  };
 };
 "/v1/projects/{project}/webhooks/{webhook}/ping": {
  /** Send a test at once and say what came of it; one that is switched off can be tested too */
  post: {
   parameters: {
    path: {
     /** @description Name of the project */
     project: string;
     webhook: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       attempts: number;
       /** @description RFC 3339, UTC */
       createdAt: string;
       error?: string;
       event: number;
       /** @description RFC 3339, UTC */
       finishedAt?: string;
       id: string;
       /** @description RFC 3339, UTC */
       nextAt?: string;
       /** @enum {unknown} */
       state: "pending" | "delivered" | "dead";
       status?: number;
       type: string;
      };
     };
    };
   };
  };
 };
 "/v1/projects/{project}/webhooks/{webhook}/secret": {
  /** Give a webhook a new secret; for a day deliveries are signed with both */
  post: {
   parameters: {
    query?: {
     reason?: string;
    };
    path: {
     /** @description Name of the project */
     project: string;
     webhook: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       caCertificate?: string;
       /** @description Every event up to this one was looked at */
       cursor: number;
       deliveries: {
        dead: number;
        delivered: number;
        pending: number;
       };
       disabledWhy?: string;
       enabled: boolean;
       /** @description RFC 3339, UTC */
       failingSince?: string;
       name: string;
       resourceId: string;
       secret: string;
       timestamps: {
        /** @description RFC 3339, UTC */
        createdAt: string;
        /** @description RFC 3339, UTC */
        updatedAt: string;
       };
       types: string[];
       url: string;
      };
     };
    };
   };
  };
 };
 "/v1/projects/{projectName}/compute/hosts": {
  /** List hosts */
  get: {
   parameters: {
    query?: {
     /** @description nextCursor of the page before */
     cursor?: string;
     /** @description Members to answer with, such as name,presence.online,sections; all others, required ones too, are left out */
     fields?: string;
     /** @description AIP-160, such as: name = "press" AND NOT has(site) AND metadata.line = l1 */
     filter?: string;
     /** @description key=value, several separated by commas */
     label?: string;
     offset?: number;
     online?: boolean;
     /** @description Members with asc or desc: hostStatus asc, createdAt desc */
     orderBy?: string;
     pageSize?: number;
     /** @description Part of a name, host name, id, UUID or serial number */
     search?: string;
    };
    path: {
     /** @description Name of the project */
     projectName: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       hasNext: boolean;
       hosts: ({
        capabilities: {
         plugin: string;
         section: string;
         supported: boolean;
         version: string;
         why?: string;
        }[];
        /** @description The newest that its machine was given; told where one host is read */
        certificate?: {
         /** @description RFC 3339, UTC */
         expiresAt: string;
         state: string;
        };
        /** @enum {unknown} */
        currentState: "HOST_STATE_REGISTERED" | "HOST_STATE_ONBOARDED" | "HOST_STATE_UNTRUSTED" | "HOST_STATE_DELETED";
        denies: string[];
        /** @enum {unknown} */
        desiredState: "HOST_STATE_REGISTERED" | "HOST_STATE_ONBOARDED" | "HOST_STATE_UNTRUSTED" | "HOST_STATE_DELETED";
        hostname?: string;
        /** @description Empty while the host has never been connected */
        hostStatus: string;
        /** @enum {unknown} */
        hostStatusIndicator: "STATUS_INDICATION_IDLE" | "STATUS_INDICATION_ERROR" | "STATUS_INDICATION_IN_PROGRESS" | "STATUS_INDICATION_UNSPECIFIED";
        /** @description Unix seconds */
        hostStatusTimestamp: number;
        metadata: {
         key: string;
         value: string;
        }[];
        name: string;
        note?: string;
        onboardingStatus: string;
        /** @enum {unknown} */
        onboardingStatusIndicator: "STATUS_INDICATION_IDLE" | "STATUS_INDICATION_ERROR" | "STATUS_INDICATION_IN_PROGRESS" | "STATUS_INDICATION_UNSPECIFIED";
        /** @description Unix seconds */
        onboardingStatusTimestamp: number;
        presence?: {
         address?: string;
         agent?: string;
         bootId?: string;
         clockSkewMs?: number;
         /** @description RFC 3339, UTC */
         lastSeen: string;
         online: boolean;
         reason?: string;
         /** @description RFC 3339, UTC */
         since: string;
         /** @enum {unknown} */
         standing: "active" | "quarantined";
         standingWhy?: string;
         transport?: string;
        };
        registrationStatus: string;
        /** @enum {unknown} */
        registrationStatusIndicator: "STATUS_INDICATION_IDLE" | "STATUS_INDICATION_ERROR" | "STATUS_INDICATION_IN_PROGRESS" | "STATUS_INDICATION_UNSPECIFIED";
        /** @description Unix seconds */
        registrationStatusTimestamp: number;
        /** @description Id of the host */
        resourceId: string;
        serialNumber?: string;
        simulated: boolean;
        timestamps: {
         /** @description RFC 3339, UTC */
         createdAt: string;
         /** @description RFC 3339, UTC */
         updatedAt: string;
        };
        /** @description GB */
        userLvmSize?: number;
        uuid?: string;
       } & {
        [key: string]: unknown;
       })[];
       nextCursor?: string;
       /** @description Of the whole selection; behind a cursor, as of the first page */
       totalElements: number;
      };
     };
    };
   };
  };
  /** Make a host whose machine may come in with a join token */
  post: {
   parameters: {
    path: {
     /** @description Name of the project */
     projectName: string;
    };
   };
   requestBody: {
    content: {
     "application/json": {
      /** @enum {unknown} */
      amtControlMode?: "AMT_CONTROL_MODE_UNSPECIFIED" | "AMT_CONTROL_MODE_ACM" | "AMT_CONTROL_MODE_CCM";
      amtDnsSuffix?: string;
      /** @description Read-only; accepted and ignored */
      amtSku?: unknown;
      /** @description Read-only; accepted and ignored */
      amtStatus?: unknown;
      /** @description Read-only; accepted and ignored */
      amtStatusIndicator?: unknown;
      /** @description Read-only; accepted and ignored */
      amtStatusTimestamp?: unknown;
      /** @description Read-only; accepted and ignored */
      biosReleaseDate?: unknown;
      /** @description Read-only; accepted and ignored */
      biosVendor?: unknown;
      /** @description Read-only; accepted and ignored */
      biosVersion?: unknown;
      /** @description Read-only; accepted and ignored */
      bmcIp?: unknown;
      /** @description Read-only; accepted and ignored */
      bmcKind?: unknown;
      /** @description Read-only; accepted and ignored */
      capabilities?: unknown;
      /** @description Read-only; accepted and ignored */
      certificate?: unknown;
      /** @description Read-only; accepted and ignored */
      cpuArchitecture?: unknown;
      /** @description Read-only; accepted and ignored */
      cpuCapabilities?: unknown;
      /** @description Read-only; accepted and ignored */
      cpuCores?: unknown;
      /** @description Read-only; accepted and ignored */
      cpuModel?: unknown;
      /** @description Read-only; accepted and ignored */
      cpuSockets?: unknown;
      /** @description Read-only; accepted and ignored */
      cpuThreads?: unknown;
      /** @description Read-only; accepted and ignored */
      cpuTopology?: unknown;
      /** @description Read-only; accepted and ignored */
      currentAmtState?: unknown;
      /** @description Read-only; accepted and ignored */
      currentKvmState?: unknown;
      /** @description Read-only; accepted and ignored */
      currentPowerState?: unknown;
      /** @description Read-only; accepted and ignored */
      currentSolState?: unknown;
      /** @description Read-only; accepted and ignored */
      currentState?: unknown;
      /** @description Read-only; accepted and ignored */
      denies?: unknown;
      /** @enum {unknown} */
      desiredAmtState?: "AMT_STATE_UNSPECIFIED" | "AMT_STATE_PROVISIONED" | "AMT_STATE_UNPROVISIONED" | "AMT_STATE_DISCONNECTED";
      /** @enum {unknown} */
      desiredKvmState?: "KVM_STATE_UNSPECIFIED" | "KVM_STATE_START" | "KVM_STATE_STOP" | "KVM_STATE_AWAITING_CONSENT" | "KVM_STATE_ERROR" | "KVM_CONSENT_RECEIVED" | "KVM_REDIRECTION_RECEIVED";
      /** @enum {unknown} */
      desiredPowerState?: "POWER_STATE_UNSPECIFIED" | "POWER_STATE_ON" | "POWER_STATE_OFF" | "POWER_STATE_SLEEP" | "POWER_STATE_HIBERNATE" | "POWER_STATE_RESET" | "POWER_STATE_POWER_CYCLE" | "POWER_STATE_RESET_REPEAT";
      /** @enum {unknown} */
      desiredSolState?: "SOL_STATE_UNSPECIFIED" | "SOL_STATE_START" | "SOL_STATE_STOP" | "SOL_STATE_AWAITING_CONSENT" | "SOL_STATE_ERROR" | "SOL_STATE_CONSENT_RECEIVED" | "SOL_STATE_REDIRECTION_RECEIVED";
      /** @description Read-only; accepted and ignored */
      desiredState?: unknown;
      /** @description Read-only; accepted and ignored */
      hostGpus?: unknown;
      /** @description Read-only; accepted and ignored */
      hostname?: unknown;
      /** @description Read-only; accepted and ignored */
      hostNics?: unknown;
      /** @description Read-only; accepted and ignored */
      hostStatus?: unknown;
      /** @description Read-only; accepted and ignored */
      hostStatusIndicator?: unknown;
      /** @description Read-only; accepted and ignored */
      hostStatusTimestamp?: unknown;
      /** @description Read-only; accepted and ignored */
      hostStorages?: unknown;
      /** @description Read-only; accepted and ignored */
      hostUsbs?: unknown;
      /** @description Read-only; accepted and ignored */
      inheritedMetadata?: unknown;
      /** @description Read-only; accepted and ignored */
      instance?: unknown;
      /** @description Read-only; accepted and ignored */
      kvmSessionStatus?: unknown;
      /** @description Read-only; accepted and ignored */
      kvmStatus?: unknown;
      /** @description Read-only; accepted and ignored */
      memoryBytes?: unknown;
      metadata?: {
       key: string;
       value: string;
      }[];
      /** @description Read-only; accepted and ignored */
      metadataSources?: unknown;
      name: string;
      note?: string;
      /** @description Read-only; accepted and ignored */
      onboardingStatus?: unknown;
      /** @description Read-only; accepted and ignored */
      onboardingStatusIndicator?: unknown;
      /** @description Read-only; accepted and ignored */
      onboardingStatusTimestamp?: unknown;
      /** @description Read-only; accepted and ignored */
      operatingSystem?: unknown;
      /** @enum {unknown} */
      powerCommandPolicy?: "POWER_COMMAND_POLICY_UNSPECIFIED" | "POWER_COMMAND_POLICY_IMMEDIATE" | "POWER_COMMAND_POLICY_ORDERED";
      /** @description Read-only; accepted and ignored */
      powerOnTime?: unknown;
      /** @description Read-only; accepted and ignored */
      powerStatus?: unknown;
      /** @description Read-only; accepted and ignored */
      powerStatusIndicator?: unknown;
      /** @description Read-only; accepted and ignored */
      powerStatusTimestamp?: unknown;
      /** @description Read-only; accepted and ignored */
      presence?: unknown;
      /** @description Read-only; accepted and ignored */
      productName?: unknown;
      /** @description Read-only; accepted and ignored */
      provider?: unknown;
      /** @description Read-only; accepted and ignored */
      registrationStatus?: unknown;
      /** @description Read-only; accepted and ignored */
      registrationStatusIndicator?: unknown;
      /** @description Read-only; accepted and ignored */
      registrationStatusTimestamp?: unknown;
      /** @description Read-only; accepted and ignored */
      resourceId?: unknown;
      /** @description Read-only; accepted and ignored */
      serialNumber?: unknown;
      /** @description Read-only; accepted and ignored */
      simulated?: unknown;
      /** @description Taken by its resourceId, where siteId is not given */
      site?: {
       resourceId?: string;
      } & {
       [key: string]: unknown;
      };
      siteId?: string;
      /** @description Read-only; accepted and ignored */
      solSessionStatus?: unknown;
      /** @description Read-only; accepted and ignored */
      solStatus?: unknown;
      /** @description Read-only; accepted and ignored */
      timestamps?: unknown;
      /** @description Read-only; accepted and ignored */
      userLvmSize?: unknown;
      uuid?: string;
     };
    };
   };
   responses: {
    /** @description EIM host resource; loaded modules add members */
    200: {
     content: {
      "application/json": {
       capabilities: {
        plugin: string;
        section: string;
        supported: boolean;
        version: string;
        why?: string;
       }[];
       /** @description The newest that its machine was given; told where one host is read */
       certificate?: {
        /** @description RFC 3339, UTC */
        expiresAt: string;
        state: string;
       };
       /** @enum {unknown} */
       currentState: "HOST_STATE_REGISTERED" | "HOST_STATE_ONBOARDED" | "HOST_STATE_UNTRUSTED" | "HOST_STATE_DELETED";
       denies: string[];
       /** @enum {unknown} */
       desiredState: "HOST_STATE_REGISTERED" | "HOST_STATE_ONBOARDED" | "HOST_STATE_UNTRUSTED" | "HOST_STATE_DELETED";
       hostname?: string;
       /** @description Empty while the host has never been connected */
       hostStatus: string;
       /** @enum {unknown} */
       hostStatusIndicator: "STATUS_INDICATION_IDLE" | "STATUS_INDICATION_ERROR" | "STATUS_INDICATION_IN_PROGRESS" | "STATUS_INDICATION_UNSPECIFIED";
       /** @description Unix seconds */
       hostStatusTimestamp: number;
       metadata: {
        key: string;
        value: string;
       }[];
       name: string;
       note?: string;
       onboardingStatus: string;
       /** @enum {unknown} */
       onboardingStatusIndicator: "STATUS_INDICATION_IDLE" | "STATUS_INDICATION_ERROR" | "STATUS_INDICATION_IN_PROGRESS" | "STATUS_INDICATION_UNSPECIFIED";
       /** @description Unix seconds */
       onboardingStatusTimestamp: number;
       presence?: {
        address?: string;
        agent?: string;
        bootId?: string;
        clockSkewMs?: number;
        /** @description RFC 3339, UTC */
        lastSeen: string;
        online: boolean;
        reason?: string;
        /** @description RFC 3339, UTC */
        since: string;
        /** @enum {unknown} */
        standing: "active" | "quarantined";
        standingWhy?: string;
        transport?: string;
       };
       registrationStatus: string;
       /** @enum {unknown} */
       registrationStatusIndicator: "STATUS_INDICATION_IDLE" | "STATUS_INDICATION_ERROR" | "STATUS_INDICATION_IN_PROGRESS" | "STATUS_INDICATION_UNSPECIFIED";
       /** @description Unix seconds */
       registrationStatusTimestamp: number;
       /** @description Id of the host */
       resourceId: string;
       serialNumber?: string;
       simulated: boolean;
       timestamps: {
        /** @description RFC 3339, UTC */
        createdAt: string;
        /** @description RFC 3339, UTC */
        updatedAt: string;
       };
       /** @description GB */
       userLvmSize?: number;
       uuid?: string;
      } & {
       [key: string]: unknown;
      };
     };
    };
   };
  };
 };
 "/v1/projects/{projectName}/compute/hosts/{resourceId}": {
  /** Read a host, as it is or as it was */
  get: {
   parameters: {
    query?: {
     /** @description How it was at this time: RFC 3339, or so long ago (`7d`, `4h`, `30m`) */
     asOf?: string;
    };
    path: {
     /** @description Name of the project */
     projectName: string;
     /** @description Id of the host */
     resourceId: string;
    };
   };
   responses: {
    /** @description EIM host resource; loaded modules add members */
    200: {
     content: {
      "application/json": {
       capabilities: {
        plugin: string;
        section: string;
        supported: boolean;
        version: string;
        why?: string;
       }[];
       /** @description The newest that its machine was given; told where one host is read */
       certificate?: {
        /** @description RFC 3339, UTC */
        expiresAt: string;
        state: string;
       };
       /** @enum {unknown} */
       currentState: "HOST_STATE_REGISTERED" | "HOST_STATE_ONBOARDED" | "HOST_STATE_UNTRUSTED" | "HOST_STATE_DELETED";
       denies: string[];
       /** @enum {unknown} */
       desiredState: "HOST_STATE_REGISTERED" | "HOST_STATE_ONBOARDED" | "HOST_STATE_UNTRUSTED" | "HOST_STATE_DELETED";
       hostname?: string;
       /** @description Empty while the host has never been connected */
       hostStatus: string;
       /** @enum {unknown} */
       hostStatusIndicator: "STATUS_INDICATION_IDLE" | "STATUS_INDICATION_ERROR" | "STATUS_INDICATION_IN_PROGRESS" | "STATUS_INDICATION_UNSPECIFIED";
       /** @description Unix seconds */
       hostStatusTimestamp: number;
       metadata: {
        key: string;
        value: string;
       }[];
       name: string;
       note?: string;
       onboardingStatus: string;
       /** @enum {unknown} */
       onboardingStatusIndicator: "STATUS_INDICATION_IDLE" | "STATUS_INDICATION_ERROR" | "STATUS_INDICATION_IN_PROGRESS" | "STATUS_INDICATION_UNSPECIFIED";
       /** @description Unix seconds */
       onboardingStatusTimestamp: number;
       presence?: {
        address?: string;
        agent?: string;
        bootId?: string;
        clockSkewMs?: number;
        /** @description RFC 3339, UTC */
        lastSeen: string;
        online: boolean;
        reason?: string;
        /** @description RFC 3339, UTC */
        since: string;
        /** @enum {unknown} */
        standing: "active" | "quarantined";
        standingWhy?: string;
        transport?: string;
       };
       registrationStatus: string;
       /** @enum {unknown} */
       registrationStatusIndicator: "STATUS_INDICATION_IDLE" | "STATUS_INDICATION_ERROR" | "STATUS_INDICATION_IN_PROGRESS" | "STATUS_INDICATION_UNSPECIFIED";
       /** @description Unix seconds */
       registrationStatusTimestamp: number;
       /** @description Id of the host */
       resourceId: string;
       serialNumber?: string;
       simulated: boolean;
       timestamps: {
        /** @description RFC 3339, UTC */
        createdAt: string;
        /** @description RFC 3339, UTC */
        updatedAt: string;
       };
       /** @description GB */
       userLvmSize?: number;
       uuid?: string;
      } & {
       [key: string]: unknown;
      };
     };
    };
   };
  };
  /** Replace what may be written of a host */
  put: {
   parameters: {
    header?: {
     "if-match"?: string;
    };
    path: {
     /** @description Name of the project */
     projectName: string;
     /** @description Id of the host */
     resourceId: string;
    };
   };
   requestBody: {
    content: {
     "application/json": {
      /** @enum {unknown} */
      amtControlMode?: "AMT_CONTROL_MODE_UNSPECIFIED" | "AMT_CONTROL_MODE_ACM" | "AMT_CONTROL_MODE_CCM";
      amtDnsSuffix?: string;
      /** @description Read-only; accepted and ignored */
      amtSku?: unknown;
      /** @description Read-only; accepted and ignored */
      amtStatus?: unknown;
      /** @description Read-only; accepted and ignored */
      amtStatusIndicator?: unknown;
      /** @description Read-only; accepted and ignored */
      amtStatusTimestamp?: unknown;
      /** @description Read-only; accepted and ignored */
      biosReleaseDate?: unknown;
      /** @description Read-only; accepted and ignored */
      biosVendor?: unknown;
      /** @description Read-only; accepted and ignored */
      biosVersion?: unknown;
      /** @description Read-only; accepted and ignored */
      bmcIp?: unknown;
      /** @description Read-only; accepted and ignored */
      bmcKind?: unknown;
      /** @description Read-only; accepted and ignored */
      capabilities?: unknown;
      /** @description Read-only; accepted and ignored */
      certificate?: unknown;
      /** @description Read-only; accepted and ignored */
      cpuArchitecture?: unknown;
      /** @description Read-only; accepted and ignored */
      cpuCapabilities?: unknown;
      /** @description Read-only; accepted and ignored */
      cpuCores?: unknown;
      /** @description Read-only; accepted and ignored */
      cpuModel?: unknown;
      /** @description Read-only; accepted and ignored */
      cpuSockets?: unknown;
      /** @description Read-only; accepted and ignored */
      cpuThreads?: unknown;
      /** @description Read-only; accepted and ignored */
      cpuTopology?: unknown;
      /** @description Read-only; accepted and ignored */
      currentAmtState?: unknown;
      /** @description Read-only; accepted and ignored */
      currentKvmState?: unknown;
      /** @description Read-only; accepted and ignored */
      currentPowerState?: unknown;
      /** @description Read-only; accepted and ignored */
      currentSolState?: unknown;
      /** @description Read-only; accepted and ignored */
      currentState?: unknown;
      /** @description Read-only; accepted and ignored */
      denies?: unknown;
      /** @enum {unknown} */
      desiredAmtState?: "AMT_STATE_UNSPECIFIED" | "AMT_STATE_PROVISIONED" | "AMT_STATE_UNPROVISIONED" | "AMT_STATE_DISCONNECTED";
      /** @enum {unknown} */
      desiredKvmState?: "KVM_STATE_UNSPECIFIED" | "KVM_STATE_START" | "KVM_STATE_STOP" | "KVM_STATE_AWAITING_CONSENT" | "KVM_STATE_ERROR" | "KVM_CONSENT_RECEIVED" | "KVM_REDIRECTION_RECEIVED";
      /** @enum {unknown} */
      desiredPowerState?: "POWER_STATE_UNSPECIFIED" | "POWER_STATE_ON" | "POWER_STATE_OFF" | "POWER_STATE_SLEEP" | "POWER_STATE_HIBERNATE" | "POWER_STATE_RESET" | "POWER_STATE_POWER_CYCLE" | "POWER_STATE_RESET_REPEAT";
      /** @enum {unknown} */
      desiredSolState?: "SOL_STATE_UNSPECIFIED" | "SOL_STATE_START" | "SOL_STATE_STOP" | "SOL_STATE_AWAITING_CONSENT" | "SOL_STATE_ERROR" | "SOL_STATE_CONSENT_RECEIVED" | "SOL_STATE_REDIRECTION_RECEIVED";
      /** @description Read-only; accepted and ignored */
      desiredState?: unknown;
      /** @description Read-only; accepted and ignored */
      hostGpus?: unknown;
      /** @description Read-only; accepted and ignored */
      hostname?: unknown;
      /** @description Read-only; accepted and ignored */
      hostNics?: unknown;
      /** @description Read-only; accepted and ignored */
      hostStatus?: unknown;
      /** @description Read-only; accepted and ignored */
      hostStatusIndicator?: unknown;
      /** @description Read-only; accepted and ignored */
      hostStatusTimestamp?: unknown;
      /** @description Read-only; accepted and ignored */
      hostStorages?: unknown;
      /** @description Read-only; accepted and ignored */
      hostUsbs?: unknown;
      /** @description Read-only; accepted and ignored */
      inheritedMetadata?: unknown;
      /** @description Read-only; accepted and ignored */
      instance?: unknown;
      /** @description Read-only; accepted and ignored */
      kvmSessionStatus?: unknown;
      /** @description Read-only; accepted and ignored */
      kvmStatus?: unknown;
      /** @description Read-only; accepted and ignored */
      memoryBytes?: unknown;
      metadata?: {
       key: string;
       value: string;
      }[];
      /** @description Read-only; accepted and ignored */
      metadataSources?: unknown;
      name: string;
      note?: string;
      /** @description Read-only; accepted and ignored */
      onboardingStatus?: unknown;
      /** @description Read-only; accepted and ignored */
      onboardingStatusIndicator?: unknown;
      /** @description Read-only; accepted and ignored */
      onboardingStatusTimestamp?: unknown;
      /** @description Read-only; accepted and ignored */
      operatingSystem?: unknown;
      /** @enum {unknown} */
      powerCommandPolicy?: "POWER_COMMAND_POLICY_UNSPECIFIED" | "POWER_COMMAND_POLICY_IMMEDIATE" | "POWER_COMMAND_POLICY_ORDERED";
      /** @description Read-only; accepted and ignored */
      powerOnTime?: unknown;
      /** @description Read-only; accepted and ignored */
      powerStatus?: unknown;
      /** @description Read-only; accepted and ignored */
      powerStatusIndicator?: unknown;
      /** @description Read-only; accepted and ignored */
      powerStatusTimestamp?: unknown;
      /** @description Read-only; accepted and ignored */
      presence?: unknown;
      /** @description Read-only; accepted and ignored */
      productName?: unknown;
      /** @description Read-only; accepted and ignored */
      provider?: unknown;
      /** @description Read-only; accepted and ignored */
      registrationStatus?: unknown;
      /** @description Read-only; accepted and ignored */
      registrationStatusIndicator?: unknown;
      /** @description Read-only; accepted and ignored */
      registrationStatusTimestamp?: unknown;
      /** @description Read-only; accepted and ignored */
      resourceId?: unknown;
      /** @description Read-only; accepted and ignored */
      serialNumber?: unknown;
      /** @description Read-only; accepted and ignored */
      simulated?: unknown;
      /** @description Taken by its resourceId, where siteId is not given */
      site?: {
       resourceId?: string;
      } & {
       [key: string]: unknown;
      };
      siteId?: string;
      /** @description Read-only; accepted and ignored */
      solSessionStatus?: unknown;
      /** @description Read-only; accepted and ignored */
      solStatus?: unknown;
      /** @description Read-only; accepted and ignored */
      timestamps?: unknown;
      /** @description Read-only; accepted and ignored */
      userLvmSize?: unknown;
      uuid?: string;
     };
    };
   };
   responses: {
    /** @description EIM host resource; loaded modules add members */
    200: {
     content: {
      "application/json": {
       capabilities: {
        plugin: string;
        section: string;
        supported: boolean;
        version: string;
        why?: string;
       }[];
       /** @description The newest that its machine was given; told where one host is read */
       certificate?: {
        /** @description RFC 3339, UTC */
        expiresAt: string;
        state: string;
       };
       /** @enum {unknown} */
       currentState: "HOST_STATE_REGISTERED" | "HOST_STATE_ONBOARDED" | "HOST_STATE_UNTRUSTED" | "HOST_STATE_DELETED";
       denies: string[];
       /** @enum {unknown} */
       desiredState: "HOST_STATE_REGISTERED" | "HOST_STATE_ONBOARDED" | "HOST_STATE_UNTRUSTED" | "HOST_STATE_DELETED";
       hostname?: string;
       /** @description Empty while the host has never been connected */
       hostStatus: string;
       /** @enum {unknown} */
       hostStatusIndicator: "STATUS_INDICATION_IDLE" | "STATUS_INDICATION_ERROR" | "STATUS_INDICATION_IN_PROGRESS" | "STATUS_INDICATION_UNSPECIFIED";
       /** @description Unix seconds */
       hostStatusTimestamp: number;
       metadata: {
        key: string;
        value: string;
       }[];
       name: string;
       note?: string;
       onboardingStatus: string;
       /** @enum {unknown} */
       onboardingStatusIndicator: "STATUS_INDICATION_IDLE" | "STATUS_INDICATION_ERROR" | "STATUS_INDICATION_IN_PROGRESS" | "STATUS_INDICATION_UNSPECIFIED";
       /** @description Unix seconds */
       onboardingStatusTimestamp: number;
       presence?: {
        address?: string;
        agent?: string;
        bootId?: string;
        clockSkewMs?: number;
        /** @description RFC 3339, UTC */
        lastSeen: string;
        online: boolean;
        reason?: string;
        /** @description RFC 3339, UTC */
        since: string;
        /** @enum {unknown} */
        standing: "active" | "quarantined";
        standingWhy?: string;
        transport?: string;
       };
       registrationStatus: string;
       /** @enum {unknown} */
       registrationStatusIndicator: "STATUS_INDICATION_IDLE" | "STATUS_INDICATION_ERROR" | "STATUS_INDICATION_IN_PROGRESS" | "STATUS_INDICATION_UNSPECIFIED";
       /** @description Unix seconds */
       registrationStatusTimestamp: number;
       /** @description Id of the host */
       resourceId: string;
       serialNumber?: string;
       simulated: boolean;
       timestamps: {
        /** @description RFC 3339, UTC */
        createdAt: string;
        /** @description RFC 3339, UTC */
        updatedAt: string;
       };
       /** @description GB */
       userLvmSize?: number;
       uuid?: string;
      } & {
       [key: string]: unknown;
      };
     };
    };
   };
  };
  /** Retire a host: revoke it, and forget what it reported once nothing holds it */
  delete: {
   parameters: {
    query?: {
     /** @description Without waiting for what still holds it */
     force?: boolean;
    };
    header?: {
     "if-match"?: string;
    };
    path: {
     /** @description Name of the project */
     projectName: string;
     /** @description Id of the host */
     resourceId: string;
    };
   };
   requestBody: {
    content: {
     "application/json": null | {
      note?: string;
     };
    };
   };
   responses: {
    200: {
     content: {
      "application/json": Record<string, unknown>;
     };
    };
   };
  };
  /** Change some members of a host */
  patch: {
   parameters: {
    query?: {
     /** @description Members to change; those of the body */
     fieldMask?: string;
    };
    header?: {
     "if-match"?: string;
    };
    path: {
     /** @description Name of the project */
     projectName: string;
     /** @description Id of the host */
     resourceId: string;
    };
   };
   requestBody: {
    content: {
     "application/json": {
      /** @enum {unknown} */
      amtControlMode?: "AMT_CONTROL_MODE_UNSPECIFIED" | "AMT_CONTROL_MODE_ACM" | "AMT_CONTROL_MODE_CCM";
      amtDnsSuffix?: string;
      /** @description Read-only; accepted and ignored */
      amtSku?: unknown;
      /** @description Read-only; accepted and ignored */
      amtStatus?: unknown;
      /** @description Read-only; accepted and ignored */
      amtStatusIndicator?: unknown;
      /** @description Read-only; accepted and ignored */
      amtStatusTimestamp?: unknown;
      /** @description Read-only; accepted and ignored */
      biosReleaseDate?: unknown;
      /** @description Read-only; accepted and ignored */
      biosVendor?: unknown;
      /** @description Read-only; accepted and ignored */
      biosVersion?: unknown;
      /** @description Read-only; accepted and ignored */
      bmcIp?: unknown;
      /** @description Read-only; accepted and ignored */
      bmcKind?: unknown;
      /** @description Read-only; accepted and ignored */
      capabilities?: unknown;
      /** @description Read-only; accepted and ignored */
      certificate?: unknown;
      /** @description Read-only; accepted and ignored */
      cpuArchitecture?: unknown;
      /** @description Read-only; accepted and ignored */
      cpuCapabilities?: unknown;
      /** @description Read-only; accepted and ignored */
      cpuCores?: unknown;
      /** @description Read-only; accepted and ignored */
      cpuModel?: unknown;
      /** @description Read-only; accepted and ignored */
      cpuSockets?: unknown;
      /** @description Read-only; accepted and ignored */
      cpuThreads?: unknown;
      /** @description Read-only; accepted and ignored */
      cpuTopology?: unknown;
      /** @description Read-only; accepted and ignored */
      currentAmtState?: unknown;
      /** @description Read-only; accepted and ignored */
      currentKvmState?: unknown;
      /** @description Read-only; accepted and ignored */
      currentPowerState?: unknown;
      /** @description Read-only; accepted and ignored */
      currentSolState?: unknown;
      /** @description Read-only; accepted and ignored */
      currentState?: unknown;
      /** @description Read-only; accepted and ignored */
      denies?: unknown;
      /** @enum {unknown} */
      desiredAmtState?: "AMT_STATE_UNSPECIFIED" | "AMT_STATE_PROVISIONED" | "AMT_STATE_UNPROVISIONED" | "AMT_STATE_DISCONNECTED";
      /** @enum {unknown} */
      desiredKvmState?: "KVM_STATE_UNSPECIFIED" | "KVM_STATE_START" | "KVM_STATE_STOP" | "KVM_STATE_AWAITING_CONSENT" | "KVM_STATE_ERROR" | "KVM_CONSENT_RECEIVED" | "KVM_REDIRECTION_RECEIVED";
      /** @enum {unknown} */
      desiredPowerState?: "POWER_STATE_UNSPECIFIED" | "POWER_STATE_ON" | "POWER_STATE_OFF" | "POWER_STATE_SLEEP" | "POWER_STATE_HIBERNATE" | "POWER_STATE_RESET" | "POWER_STATE_POWER_CYCLE" | "POWER_STATE_RESET_REPEAT";
      /** @enum {unknown} */
      desiredSolState?: "SOL_STATE_UNSPECIFIED" | "SOL_STATE_START" | "SOL_STATE_STOP" | "SOL_STATE_AWAITING_CONSENT" | "SOL_STATE_ERROR" | "SOL_STATE_CONSENT_RECEIVED" | "SOL_STATE_REDIRECTION_RECEIVED";
      /** @description Read-only; accepted and ignored */
      desiredState?: unknown;
      /** @description Read-only; accepted and ignored */
      hostGpus?: unknown;
      /** @description Read-only; accepted and ignored */
      hostname?: unknown;
      /** @description Read-only; accepted and ignored */
      hostNics?: unknown;
      /** @description Read-only; accepted and ignored */
      hostStatus?: unknown;
      /** @description Read-only; accepted and ignored */
      hostStatusIndicator?: unknown;
      /** @description Read-only; accepted and ignored */
      hostStatusTimestamp?: unknown;
      /** @description Read-only; accepted and ignored */
      hostStorages?: unknown;
      /** @description Read-only; accepted and ignored */
      hostUsbs?: unknown;
      /** @description Read-only; accepted and ignored */
      inheritedMetadata?: unknown;
      /** @description Read-only; accepted and ignored */
      instance?: unknown;
      /** @description Read-only; accepted and ignored */
      kvmSessionStatus?: unknown;
      /** @description Read-only; accepted and ignored */
      kvmStatus?: unknown;
      /** @description Read-only; accepted and ignored */
      memoryBytes?: unknown;
      metadata?: {
       key: string;
       value: string;
      }[];
      /** @description Read-only; accepted and ignored */
      metadataSources?: unknown;
      name?: string | "";
      note?: string;
      /** @description Read-only; accepted and ignored */
      onboardingStatus?: unknown;
      /** @description Read-only; accepted and ignored */
      onboardingStatusIndicator?: unknown;
      /** @description Read-only; accepted and ignored */
      onboardingStatusTimestamp?: unknown;
      /** @description Read-only; accepted and ignored */
      operatingSystem?: unknown;
      /** @enum {unknown} */
      powerCommandPolicy?: "POWER_COMMAND_POLICY_UNSPECIFIED" | "POWER_COMMAND_POLICY_IMMEDIATE" | "POWER_COMMAND_POLICY_ORDERED";
      /** @description Read-only; accepted and ignored */
      powerOnTime?: unknown;
      /** @description Read-only; accepted and ignored */
      powerStatus?: unknown;
      /** @description Read-only; accepted and ignored */
      powerStatusIndicator?: unknown;
      /** @description Read-only; accepted and ignored */
      powerStatusTimestamp?: unknown;
      /** @description Read-only; accepted and ignored */
      presence?: unknown;
      /** @description Read-only; accepted and ignored */
      productName?: unknown;
      /** @description Read-only; accepted and ignored */
      provider?: unknown;
      /** @description Read-only; accepted and ignored */
      registrationStatus?: unknown;
      /** @description Read-only; accepted and ignored */
      registrationStatusIndicator?: unknown;
      /** @description Read-only; accepted and ignored */
      registrationStatusTimestamp?: unknown;
      /** @description Read-only; accepted and ignored */
      resourceId?: unknown;
      /** @description Read-only; accepted and ignored */
      serialNumber?: unknown;
      /** @description Read-only; accepted and ignored */
      simulated?: unknown;
      /** @description Taken by its resourceId, where siteId is not given */
      site?: {
       resourceId?: string;
      } & {
       [key: string]: unknown;
      };
      siteId?: string;
      /** @description Read-only; accepted and ignored */
      solSessionStatus?: unknown;
      /** @description Read-only; accepted and ignored */
      solStatus?: unknown;
      /** @description Read-only; accepted and ignored */
      timestamps?: unknown;
      /** @description Read-only; accepted and ignored */
      userLvmSize?: unknown;
      uuid?: string;
     };
    };
   };
   responses: {
    /** @description EIM host resource; loaded modules add members */
    200: {
     content: {
      "application/json": {
       capabilities: {
        plugin: string;
        section: string;
        supported: boolean;
        version: string;
        why?: string;
       }[];
       /** @description The newest that its machine was given; told where one host is read */
       certificate?: {
        /** @description RFC 3339, UTC */
        expiresAt: string;
        state: string;
       };
       /** @enum {unknown} */
       currentState: "HOST_STATE_REGISTERED" | "HOST_STATE_ONBOARDED" | "HOST_STATE_UNTRUSTED" | "HOST_STATE_DELETED";
       denies: string[];
       /** @enum {unknown} */
       desiredState: "HOST_STATE_REGISTERED" | "HOST_STATE_ONBOARDED" | "HOST_STATE_UNTRUSTED" | "HOST_STATE_DELETED";
       hostname?: string;
       /** @description Empty while the host has never been connected */
       hostStatus: string;
       /** @enum {unknown} */
       hostStatusIndicator: "STATUS_INDICATION_IDLE" | "STATUS_INDICATION_ERROR" | "STATUS_INDICATION_IN_PROGRESS" | "STATUS_INDICATION_UNSPECIFIED";
       /** @description Unix seconds */
       hostStatusTimestamp: number;
       metadata: {
        key: string;
        value: string;
       }[];
       name: string;
       note?: string;
       onboardingStatus: string;
       /** @enum {unknown} */
       onboardingStatusIndicator: "STATUS_INDICATION_IDLE" | "STATUS_INDICATION_ERROR" | "STATUS_INDICATION_IN_PROGRESS" | "STATUS_INDICATION_UNSPECIFIED";
       /** @description Unix seconds */
       onboardingStatusTimestamp: number;
       presence?: {
        address?: string;
        agent?: string;
        bootId?: string;
        clockSkewMs?: number;
        /** @description RFC 3339, UTC */
        lastSeen: string;
        online: boolean;
        reason?: string;
        /** @description RFC 3339, UTC */
        since: string;
        /** @enum {unknown} */
        standing: "active" | "quarantined";
        standingWhy?: string;
        transport?: string;
       };
       registrationStatus: string;
       /** @enum {unknown} */
       registrationStatusIndicator: "STATUS_INDICATION_IDLE" | "STATUS_INDICATION_ERROR" | "STATUS_INDICATION_IN_PROGRESS" | "STATUS_INDICATION_UNSPECIFIED";
       /** @description Unix seconds */
       registrationStatusTimestamp: number;
       /** @description Id of the host */
       resourceId: string;
       serialNumber?: string;
       simulated: boolean;
       timestamps: {
        /** @description RFC 3339, UTC */
        createdAt: string;
        /** @description RFC 3339, UTC */
        updatedAt: string;
       };
       /** @description GB */
       userLvmSize?: number;
       uuid?: string;
      } & {
       [key: string]: unknown;
      };
     };
    };
   };
  };
 };
 "/v1/projects/{projectName}/compute/hosts/{resourceId}/invalidate": {
  /** Revoke a host: its certificates are refused from now on */
  put: {
   parameters: {
    query?: {
     note?: string;
    };
    path: {
     /** @description Name of the project */
     projectName: string;
     /** @description Id of the host */
     resourceId: string;
    };
   };
   requestBody: {
    content: {
     "application/json": null | {
      note?: string;
     };
    };
   };
   responses: {
    200: {
     content: {
      "application/json": Record<string, unknown>;
     };
    };
   };
  };
 };
 "/v1/projects/{projectName}/compute/hosts/{resourceId}/onboard": {
  /** Let the machine of a registered host in */
  patch: {
   parameters: {
    path: {
     /** @description Name of the project */
     projectName: string;
     /** @description Id of the host */
     resourceId: string;
    };
   };
   requestBody: {
    content: {
     "application/json": null | {
      [key: string]: unknown;
     };
    };
   };
   responses: {
    200: {
     content: {
      "application/json": Record<string, unknown>;
     };
    };
   };
  };
 };
 "/v1/projects/{projectName}/compute/hosts/{resourceId}/register": {
  /** Change the registration of a host */
  patch: {
   parameters: {
    path: {
     /** @description Name of the project */
     projectName: string;
     /** @description Id of the host */
     resourceId: string;
    };
   };
   requestBody: {
    content: {
     "application/json": {
      /** @description Let its machine in as soon as it comes */
      autoOnboard?: boolean;
      /** @description Have its AMT activated */
      enableVpro?: boolean;
      metadata?: {
       key: string;
       value: string;
      }[];
      name?: string;
      serialNumber?: string;
      siteId?: string;
      /** @description GB */
      userLvmSize?: number;
      uuid?: string;
     };
    };
   };
   responses: {
    /** @description EIM host resource; loaded modules add members */
    200: {
     content: {
      "application/json": {
       capabilities: {
        plugin: string;
        section: string;
        supported: boolean;
        version: string;
        why?: string;
       }[];
       /** @description The newest that its machine was given; told where one host is read */
       certificate?: {
        /** @description RFC 3339, UTC */
        expiresAt: string;
        state: string;
       };
       /** @enum {unknown} */
       currentState: "HOST_STATE_REGISTERED" | "HOST_STATE_ONBOARDED" | "HOST_STATE_UNTRUSTED" | "HOST_STATE_DELETED";
       denies: string[];
       /** @enum {unknown} */
       desiredState: "HOST_STATE_REGISTERED" | "HOST_STATE_ONBOARDED" | "HOST_STATE_UNTRUSTED" | "HOST_STATE_DELETED";
       hostname?: string;
       /** @description Empty while the host has never been connected */
       hostStatus: string;
       /** @enum {unknown} */
       hostStatusIndicator: "STATUS_INDICATION_IDLE" | "STATUS_INDICATION_ERROR" | "STATUS_INDICATION_IN_PROGRESS" | "STATUS_INDICATION_UNSPECIFIED";
       /** @description Unix seconds */
       hostStatusTimestamp: number;
       metadata: {
        key: string;
        value: string;
       }[];
       name: string;
       note?: string;
       onboardingStatus: string;
       /** @enum {unknown} */
       onboardingStatusIndicator: "STATUS_INDICATION_IDLE" | "STATUS_INDICATION_ERROR" | "STATUS_INDICATION_IN_PROGRESS" | "STATUS_INDICATION_UNSPECIFIED";
       /** @description Unix seconds */
       onboardingStatusTimestamp: number;
       presence?: {
        address?: string;
        agent?: string;
        bootId?: string;
        clockSkewMs?: number;
        /** @description RFC 3339, UTC */
        lastSeen: string;
        online: boolean;
        reason?: string;
        /** @description RFC 3339, UTC */
        since: string;
        /** @enum {unknown} */
        standing: "active" | "quarantined";
        standingWhy?: string;
        transport?: string;
       };
       registrationStatus: string;
       /** @enum {unknown} */
       registrationStatusIndicator: "STATUS_INDICATION_IDLE" | "STATUS_INDICATION_ERROR" | "STATUS_INDICATION_IN_PROGRESS" | "STATUS_INDICATION_UNSPECIFIED";
       /** @description Unix seconds */
       registrationStatusTimestamp: number;
       /** @description Id of the host */
       resourceId: string;
       serialNumber?: string;
       simulated: boolean;
       timestamps: {
        /** @description RFC 3339, UTC */
        createdAt: string;
        /** @description RFC 3339, UTC */
        updatedAt: string;
       };
       /** @description GB */
       userLvmSize?: number;
       uuid?: string;
      } & {
       [key: string]: unknown;
      };
     };
    };
   };
  };
 };
 "/v1/projects/{projectName}/compute/hosts/register": {
  /** Register a host by serial number or UUID before its machine comes */
  post: {
   parameters: {
    query?: {
     /** @description Passed over */
     resourceId?: string;
    };
    path: {
     /** @description Name of the project */
     projectName: string;
    };
   };
   requestBody: {
    content: {
     "application/json": {
      /** @description Let its machine in as soon as it comes */
      autoOnboard?: boolean;
      /** @description Have its AMT activated */
      enableVpro?: boolean;
      metadata?: {
       key: string;
       value: string;
      }[];
      name?: string;
      serialNumber?: string;
      siteId?: string;
      /** @description GB */
      userLvmSize?: number;
      uuid?: string;
     };
    };
   };
   responses: {
    /** @description EIM host resource; loaded modules add members */
    200: {
     content: {
      "application/json": {
       capabilities: {
        plugin: string;
        section: string;
        supported: boolean;
        version: string;
        why?: string;
       }[];
       /** @description The newest that its machine was given; told where one host is read */
       certificate?: {
        /** @description RFC 3339, UTC */
        expiresAt: string;
        state: string;
       };
       /** @enum {unknown} */
       currentState: "HOST_STATE_REGISTERED" | "HOST_STATE_ONBOARDED" | "HOST_STATE_UNTRUSTED" | "HOST_STATE_DELETED";
       denies: string[];
       /** @enum {unknown} */
       desiredState: "HOST_STATE_REGISTERED" | "HOST_STATE_ONBOARDED" | "HOST_STATE_UNTRUSTED" | "HOST_STATE_DELETED";
       hostname?: string;
       /** @description Empty while the host has never been connected */
       hostStatus: string;
       /** @enum {unknown} */
       hostStatusIndicator: "STATUS_INDICATION_IDLE" | "STATUS_INDICATION_ERROR" | "STATUS_INDICATION_IN_PROGRESS" | "STATUS_INDICATION_UNSPECIFIED";
       /** @description Unix seconds */
       hostStatusTimestamp: number;
       metadata: {
        key: string;
        value: string;
       }[];
       name: string;
       note?: string;
       onboardingStatus: string;
       /** @enum {unknown} */
       onboardingStatusIndicator: "STATUS_INDICATION_IDLE" | "STATUS_INDICATION_ERROR" | "STATUS_INDICATION_IN_PROGRESS" | "STATUS_INDICATION_UNSPECIFIED";
       /** @description Unix seconds */
       onboardingStatusTimestamp: number;
       presence?: {
        address?: string;
        agent?: string;
        bootId?: string;
        clockSkewMs?: number;
        /** @description RFC 3339, UTC */
        lastSeen: string;
        online: boolean;
        reason?: string;
        /** @description RFC 3339, UTC */
        since: string;
        /** @enum {unknown} */
        standing: "active" | "quarantined";
        standingWhy?: string;
        transport?: string;
       };
       registrationStatus: string;
       /** @enum {unknown} */
       registrationStatusIndicator: "STATUS_INDICATION_IDLE" | "STATUS_INDICATION_ERROR" | "STATUS_INDICATION_IN_PROGRESS" | "STATUS_INDICATION_UNSPECIFIED";
       /** @description Unix seconds */
       registrationStatusTimestamp: number;
       /** @description Id of the host */
       resourceId: string;
       serialNumber?: string;
       simulated: boolean;
       timestamps: {
        /** @description RFC 3339, UTC */
        createdAt: string;
        /** @description RFC 3339, UTC */
        updatedAt: string;
       };
       /** @description GB */
       userLvmSize?: number;
       uuid?: string;
      } & {
       [key: string]: unknown;
      };
     };
    };
   };
  };
 };
 "/v1/projects/{projectName}/compute/hosts/summary": {
  /** Count hosts */
  get: {
   parameters: {
    query?: {
     /** @description AIP-160, such as: name = "press" AND NOT has(site) AND metadata.line = l1 */
     filter?: string;
    };
    path: {
     /** @description Name of the project */
     projectName: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       /** @description With a status that indicates an error */
       error: number;
       running: number;
       total: number;
       /** @description Without a site */
       unallocated: number;
      };
     };
    };
   };
  };
 };
 "/v1/projects/{projectName}/compute/instances": {
  /** List instances */
  get: {
   parameters: {
    query?: {
     /** @description nextCursor of the page before */
     cursor?: string;
     /** @description Such as name = "north" AND has(parentRegion) */
     filter?: string;
     offset?: number;
     /** @description Such as name asc, createdAt desc */
     orderBy?: string;
     pageSize?: number;
    };
    path: {
     /** @description Name of the project */
     projectName: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       hasNext: boolean;
       instances: {
        /** @enum {unknown} */
        currentState?: "INSTANCE_STATE_UNSPECIFIED" | "INSTANCE_STATE_RUNNING" | "INSTANCE_STATE_DELETED" | "INSTANCE_STATE_UNTRUSTED";
        customConfig?: {
         [key: string]: unknown;
        }[];
        customConfigID?: string[];
        /** @enum {unknown} */
        desiredState?: "INSTANCE_STATE_UNSPECIFIED" | "INSTANCE_STATE_RUNNING" | "INSTANCE_STATE_DELETED" | "INSTANCE_STATE_UNTRUSTED";
        /** @description Read-only */
        existingCves?: string;
        host?: {
         [key: string]: unknown;
        };
        hostID?: string;
        /** @description Deprecated: the same as resourceId */
        instanceID?: string;
        instanceStatus?: string;
        /** @description Read-only */
        instanceStatusDetail?: string;
        /** @enum {unknown} */
        instanceStatusIndicator?: "STATUS_INDICATION_UNSPECIFIED" | "STATUS_INDICATION_ERROR" | "STATUS_INDICATION_IN_PROGRESS" | "STATUS_INDICATION_IDLE";
        /** @description Unix seconds; 0 when nobody has said anything yet */
        instanceStatusTimestamp?: number;
        /** @enum {unknown} */
        kind?: "INSTANCE_KIND_UNSPECIFIED" | "INSTANCE_KIND_METAL";
        localaccount?: {
         [key: string]: unknown;
        };
        localAccountID?: string;
        name?: string;
        os?: {
         [key: string]: unknown;
        };
        osID?: string;
        /** @description Read-only */
        osUpdateAvailable?: string;
        osUpdatePolicyID?: string;
        provisioningStatus?: string;
        /** @enum {unknown} */
        provisioningStatusIndicator?: "STATUS_INDICATION_UNSPECIFIED" | "STATUS_INDICATION_ERROR" | "STATUS_INDICATION_IN_PROGRESS" | "STATUS_INDICATION_IDLE";
        /** @description Unix seconds; 0 when nobody has said anything yet */
        provisioningStatusTimestamp?: number;
        resourceId: string;
        /** @description Read-only */
        runtimePackages?: string;
        /** @enum {unknown} */
        securityFeature?: "SECURITY_FEATURE_UNSPECIFIED" | "SECURITY_FEATURE_NONE" | "SECURITY_FEATURE_SECURE_BOOT_AND_FULL_DISK_ENCRYPTION";
        timestamps: {
         /** @description RFC 3339, UTC */
         createdAt: string;
         /** @description RFC 3339, UTC */
         updatedAt: string;
        };
        trustedAttestationStatus?: string;
        /** @enum {unknown} */
        trustedAttestationStatusIndicator?: "STATUS_INDICATION_UNSPECIFIED" | "STATUS_INDICATION_ERROR" | "STATUS_INDICATION_IN_PROGRESS" | "STATUS_INDICATION_IDLE";
        /** @description Unix seconds; 0 when nobody has said anything yet */
        trustedAttestationStatusTimestamp?: number;
        updatePolicy?: {
         [key: string]: unknown;
        };
        updateStatus?: string;
        /** @enum {unknown} */
        updateStatusIndicator?: "STATUS_INDICATION_UNSPECIFIED" | "STATUS_INDICATION_ERROR" | "STATUS_INDICATION_IN_PROGRESS" | "STATUS_INDICATION_IDLE";
        /** @description Unix seconds; 0 when nobody has said anything yet */
        updateStatusTimestamp?: number;
        workloadMembers?: {
         [key: string]: unknown;
        }[];
       }[];
       nextCursor?: string;
       totalElements: number;
      };
     };
    };
   };
  };
  /** Create a instance */
  post: {
   parameters: {
    path: {
     /** @description Name of the project */
     projectName: string;
    };
   };
   requestBody: {
    content: {
     "application/json": {
      /** @description Read-only; accepted and ignored */
      currentState?: unknown;
      /** @description Read-only; accepted and ignored */
      customConfig?: unknown;
      customConfigID?: string[];
      /** @enum {unknown} */
      desiredState?: "INSTANCE_STATE_UNSPECIFIED" | "INSTANCE_STATE_RUNNING" | "INSTANCE_STATE_DELETED" | "INSTANCE_STATE_UNTRUSTED" | "";
      /** @description Read-only; accepted and ignored */
      existingCves?: unknown;
      /** @description Taken by its resourceId, where the id itself is not given */
      host?: {
       resourceId?: string;
      } & {
       [key: string]: unknown;
      };
      hostID?: string;
      /** @description Read-only; accepted and ignored */
      instanceID?: unknown;
      /** @description Read-only; accepted and ignored */
      instanceStatus?: unknown;
      /** @description Read-only; accepted and ignored */
      instanceStatusDetail?: unknown;
      /** @description Read-only; accepted and ignored */
      instanceStatusIndicator?: unknown;
      /** @description Read-only; accepted and ignored */
      instanceStatusTimestamp?: unknown;
      /** @enum {unknown} */
      kind?: "INSTANCE_KIND_UNSPECIFIED" | "INSTANCE_KIND_METAL" | "";
      /** @description Taken by its resourceId, where the id itself is not given */
      localaccount?: {
       resourceId?: string;
      } & {
       [key: string]: unknown;
      };
      localAccountID?: string;
      name?: string;
      /** @description Taken by its resourceId, where the id itself is not given */
      os?: {
       resourceId?: string;
      } & {
       [key: string]: unknown;
      };
      osID?: string;
      /** @description Read-only; accepted and ignored */
      osUpdateAvailable?: unknown;
      osUpdatePolicyID?: string;
      /** @description Read-only; accepted and ignored */
      provisioningStatus?: unknown;
      /** @description Read-only; accepted and ignored */
      provisioningStatusIndicator?: unknown;
      /** @description Read-only; accepted and ignored */
      provisioningStatusTimestamp?: unknown;
      /** @description Read-only; accepted and ignored */
      resourceId?: unknown;
      /** @description Read-only; accepted and ignored */
      runtimePackages?: unknown;
      /** @enum {unknown} */
      securityFeature?: "SECURITY_FEATURE_UNSPECIFIED" | "SECURITY_FEATURE_NONE" | "SECURITY_FEATURE_SECURE_BOOT_AND_FULL_DISK_ENCRYPTION" | "";
      /** @description Read-only; accepted and ignored */
      timestamps?: unknown;
      /** @description Read-only; accepted and ignored */
      trustedAttestationStatus?: unknown;
      /** @description Read-only; accepted and ignored */
      trustedAttestationStatusIndicator?: unknown;
      /** @description Read-only; accepted and ignored */
      trustedAttestationStatusTimestamp?: unknown;
      /** @description Taken by its resourceId, where the id itself is not given */
      updatePolicy?: {
       resourceId?: string;
      } & {
       [key: string]: unknown;
      };
      /** @description Read-only; accepted and ignored */
      updateStatus?: unknown;
      /** @description Read-only; accepted and ignored */
      updateStatusIndicator?: unknown;
      /** @description Read-only; accepted and ignored */
      updateStatusTimestamp?: unknown;
      /** @description Read-only; accepted and ignored */
      workloadMembers?: unknown;
     };
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       /** @enum {unknown} */
       currentState?: "INSTANCE_STATE_UNSPECIFIED" | "INSTANCE_STATE_RUNNING" | "INSTANCE_STATE_DELETED" | "INSTANCE_STATE_UNTRUSTED";
       customConfig?: {
        [key: string]: unknown;
       }[];
       customConfigID?: string[];
       /** @enum {unknown} */
       desiredState?: "INSTANCE_STATE_UNSPECIFIED" | "INSTANCE_STATE_RUNNING" | "INSTANCE_STATE_DELETED" | "INSTANCE_STATE_UNTRUSTED";
       /** @description Read-only */
       existingCves?: string;
       host?: {
        [key: string]: unknown;
       };
       hostID?: string;
       /** @description Deprecated: the same as resourceId */
       instanceID?: string;
       instanceStatus?: string;
       /** @description Read-only */
       instanceStatusDetail?: string;
       /** @enum {unknown} */
       instanceStatusIndicator?: "STATUS_INDICATION_UNSPECIFIED" | "STATUS_INDICATION_ERROR" | "STATUS_INDICATION_IN_PROGRESS" | "STATUS_INDICATION_IDLE";
       /** @description Unix seconds; 0 when nobody has said anything yet */
       instanceStatusTimestamp?: number;
       /** @enum {unknown} */
       kind?: "INSTANCE_KIND_UNSPECIFIED" | "INSTANCE_KIND_METAL";
       localaccount?: {
        [key: string]: unknown;
       };
       localAccountID?: string;
       name?: string;
       os?: {
        [key: string]: unknown;
       };
       osID?: string;
       /** @description Read-only */
       osUpdateAvailable?: string;
       osUpdatePolicyID?: string;
       provisioningStatus?: string;
       /** @enum {unknown} */
       provisioningStatusIndicator?: "STATUS_INDICATION_UNSPECIFIED" | "STATUS_INDICATION_ERROR" | "STATUS_INDICATION_IN_PROGRESS" | "STATUS_INDICATION_IDLE";
       /** @description Unix seconds; 0 when nobody has said anything yet */
       provisioningStatusTimestamp?: number;
       resourceId: string;
       /** @description Read-only */
       runtimePackages?: string;
       /** @enum {unknown} */
       securityFeature?: "SECURITY_FEATURE_UNSPECIFIED" | "SECURITY_FEATURE_NONE" | "SECURITY_FEATURE_SECURE_BOOT_AND_FULL_DISK_ENCRYPTION";
       timestamps: {
        /** @description RFC 3339, UTC */
        createdAt: string;
        /** @description RFC 3339, UTC */
        updatedAt: string;
       };
       trustedAttestationStatus?: string;
       /** @enum {unknown} */
       trustedAttestationStatusIndicator?: "STATUS_INDICATION_UNSPECIFIED" | "STATUS_INDICATION_ERROR" | "STATUS_INDICATION_IN_PROGRESS" | "STATUS_INDICATION_IDLE";
       /** @description Unix seconds; 0 when nobody has said anything yet */
       trustedAttestationStatusTimestamp?: number;
       updatePolicy?: {
        [key: string]: unknown;
       };
       updateStatus?: string;
       /** @enum {unknown} */
       updateStatusIndicator?: "STATUS_INDICATION_UNSPECIFIED" | "STATUS_INDICATION_ERROR" | "STATUS_INDICATION_IN_PROGRESS" | "STATUS_INDICATION_IDLE";
       /** @description Unix seconds; 0 when nobody has said anything yet */
       updateStatusTimestamp?: number;
       workloadMembers?: {
        [key: string]: unknown;
       }[];
      };
     };
    };
   };
  };
 };
 "/v1/projects/{projectName}/compute/instances/{resourceId}": {
  /** Read a instance */
  get: {
   parameters: {
    path: {
     /** @description Name of the project */
     projectName: string;
     resourceId: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       /** @enum {unknown} */
       currentState?: "INSTANCE_STATE_UNSPECIFIED" | "INSTANCE_STATE_RUNNING" | "INSTANCE_STATE_DELETED" | "INSTANCE_STATE_UNTRUSTED";
       customConfig?: {
        [key: string]: unknown;
       }[];
       customConfigID?: string[];
       /** @enum {unknown} */
       desiredState?: "INSTANCE_STATE_UNSPECIFIED" | "INSTANCE_STATE_RUNNING" | "INSTANCE_STATE_DELETED" | "INSTANCE_STATE_UNTRUSTED";
       /** @description Read-only */
       existingCves?: string;
       host?: {
        [key: string]: unknown;
       };
       hostID?: string;
       /** @description Deprecated: the same as resourceId */
       instanceID?: string;
       instanceStatus?: string;
       /** @description Read-only */
       instanceStatusDetail?: string;
       /** @enum {unknown} */
       instanceStatusIndicator?: "STATUS_INDICATION_UNSPECIFIED" | "STATUS_INDICATION_ERROR" | "STATUS_INDICATION_IN_PROGRESS" | "STATUS_INDICATION_IDLE";
       /** @description Unix seconds; 0 when nobody has said anything yet */
       instanceStatusTimestamp?: number;
       /** @enum {unknown} */
       kind?: "INSTANCE_KIND_UNSPECIFIED" | "INSTANCE_KIND_METAL";
       localaccount?: {
        [key: string]: unknown;
       };
       localAccountID?: string;
       name?: string;
       os?: {
        [key: string]: unknown;
       };
       osID?: string;
       /** @description Read-only */
       osUpdateAvailable?: string;
       osUpdatePolicyID?: string;
       provisioningStatus?: string;
       /** @enum {unknown} */
       provisioningStatusIndicator?: "STATUS_INDICATION_UNSPECIFIED" | "STATUS_INDICATION_ERROR" | "STATUS_INDICATION_IN_PROGRESS" | "STATUS_INDICATION_IDLE";
       /** @description Unix seconds; 0 when nobody has said anything yet */
       provisioningStatusTimestamp?: number;
       resourceId: string;
       /** @description Read-only */
       runtimePackages?: string;
       /** @enum {unknown} */
       securityFeature?: "SECURITY_FEATURE_UNSPECIFIED" | "SECURITY_FEATURE_NONE" | "SECURITY_FEATURE_SECURE_BOOT_AND_FULL_DISK_ENCRYPTION";
       timestamps: {
        /** @description RFC 3339, UTC */
        createdAt: string;
        /** @description RFC 3339, UTC */
        updatedAt: string;
       };
       trustedAttestationStatus?: string;
       /** @enum {unknown} */
       trustedAttestationStatusIndicator?: "STATUS_INDICATION_UNSPECIFIED" | "STATUS_INDICATION_ERROR" | "STATUS_INDICATION_IN_PROGRESS" | "STATUS_INDICATION_IDLE";
       /** @description Unix seconds; 0 when nobody has said anything yet */
       trustedAttestationStatusTimestamp?: number;
       updatePolicy?: {
        [key: string]: unknown;
       };
       updateStatus?: string;
       /** @enum {unknown} */
       updateStatusIndicator?: "STATUS_INDICATION_UNSPECIFIED" | "STATUS_INDICATION_ERROR" | "STATUS_INDICATION_IN_PROGRESS" | "STATUS_INDICATION_IDLE";
       /** @description Unix seconds; 0 when nobody has said anything yet */
       updateStatusTimestamp?: number;
       workloadMembers?: {
        [key: string]: unknown;
       }[];
      };
     };
    };
   };
  };
  /** Replace a instance */
  put: {
   parameters: {
    header?: {
     "if-match"?: string;
    };
    path: {
     /** @description Name of the project */
     projectName: string;
     resourceId: string;
    };
   };
   requestBody: {
    content: {
     "application/json": {
      /** @description Read-only; accepted and ignored */
      currentState?: unknown;
      /** @description Read-only; accepted and ignored */
      customConfig?: unknown;
      customConfigID?: string[];
      /** @enum {unknown} */
      desiredState?: "INSTANCE_STATE_UNSPECIFIED" | "INSTANCE_STATE_RUNNING" | "INSTANCE_STATE_DELETED" | "INSTANCE_STATE_UNTRUSTED" | "";
      /** @description Read-only; accepted and ignored */
      existingCves?: unknown;
      /** @description Taken by its resourceId, where the id itself is not given */
      host?: {
       resourceId?: string;
      } & {
       [key: string]: unknown;
      };
      hostID?: string;
      /** @description Read-only; accepted and ignored */
      instanceID?: unknown;
      /** @description Read-only; accepted and ignored */
      instanceStatus?: unknown;
      /** @description Read-only; accepted and ignored */
      instanceStatusDetail?: unknown;
      /** @description Read-only; accepted and ignored */
      instanceStatusIndicator?: unknown;
      /** @description Read-only; accepted and ignored */
      instanceStatusTimestamp?: unknown;
      /** @enum {unknown} */
      kind?: "INSTANCE_KIND_UNSPECIFIED" | "INSTANCE_KIND_METAL" | "";
      /** @description Taken by its resourceId, where the id itself is not given */
      localaccount?: {
       resourceId?: string;
      } & {
       [key: string]: unknown;
      };
      localAccountID?: string;
      name?: string;
      /** @description Taken by its resourceId, where the id itself is not given */
      os?: {
       resourceId?: string;
      } & {
       [key: string]: unknown;
      };
      osID?: string;
      /** @description Read-only; accepted and ignored */
      osUpdateAvailable?: unknown;
      osUpdatePolicyID?: string;
      /** @description Read-only; accepted and ignored */
      provisioningStatus?: unknown;
      /** @description Read-only; accepted and ignored */
      provisioningStatusIndicator?: unknown;
      /** @description Read-only; accepted and ignored */
      provisioningStatusTimestamp?: unknown;
      /** @description Read-only; accepted and ignored */
      resourceId?: unknown;
      /** @description Read-only; accepted and ignored */
      runtimePackages?: unknown;
      /** @enum {unknown} */
      securityFeature?: "SECURITY_FEATURE_UNSPECIFIED" | "SECURITY_FEATURE_NONE" | "SECURITY_FEATURE_SECURE_BOOT_AND_FULL_DISK_ENCRYPTION" | "";
      /** @description Read-only; accepted and ignored */
      timestamps?: unknown;
      /** @description Read-only; accepted and ignored */
      trustedAttestationStatus?: unknown;
      /** @description Read-only; accepted and ignored */
      trustedAttestationStatusIndicator?: unknown;
      /** @description Read-only; accepted and ignored */
      trustedAttestationStatusTimestamp?: unknown;
      /** @description Taken by its resourceId, where the id itself is not given */
      updatePolicy?: {
       resourceId?: string;
      } & {
       [key: string]: unknown;
      };
      /** @description Read-only; accepted and ignored */
      updateStatus?: unknown;
      /** @description Read-only; accepted and ignored */
      updateStatusIndicator?: unknown;
      /** @description Read-only; accepted and ignored */
      updateStatusTimestamp?: unknown;
      /** @description Read-only; accepted and ignored */
      workloadMembers?: unknown;
     };
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       /** @enum {unknown} */
       currentState?: "INSTANCE_STATE_UNSPECIFIED" | "INSTANCE_STATE_RUNNING" | "INSTANCE_STATE_DELETED" | "INSTANCE_STATE_UNTRUSTED";
       customConfig?: {
        [key: string]: unknown;
       }[];
       customConfigID?: string[];
       /** @enum {unknown} */
       desiredState?: "INSTANCE_STATE_UNSPECIFIED" | "INSTANCE_STATE_RUNNING" | "INSTANCE_STATE_DELETED" | "INSTANCE_STATE_UNTRUSTED";
       /** @description Read-only */
       existingCves?: string;
       host?: {
        [key: string]: unknown;
       };
       hostID?: string;
       /** @description Deprecated: the same as resourceId */
       instanceID?: string;
       instanceStatus?: string;
       /** @description Read-only */
       instanceStatusDetail?: string;
       /** @enum {unknown} */
       instanceStatusIndicator?: "STATUS_INDICATION_UNSPECIFIED" | "STATUS_INDICATION_ERROR" | "STATUS_INDICATION_IN_PROGRESS" | "STATUS_INDICATION_IDLE";
       /** @description Unix seconds; 0 when nobody has said anything yet */
       instanceStatusTimestamp?: number;
       /** @enum {unknown} */
       kind?: "INSTANCE_KIND_UNSPECIFIED" | "INSTANCE_KIND_METAL";
       localaccount?: {
        [key: string]: unknown;
       };
       localAccountID?: string;
       name?: string;
       os?: {
        [key: string]: unknown;
       };
       osID?: string;
       /** @description Read-only */
       osUpdateAvailable?: string;
       osUpdatePolicyID?: string;
       provisioningStatus?: string;
       /** @enum {unknown} */
       provisioningStatusIndicator?: "STATUS_INDICATION_UNSPECIFIED" | "STATUS_INDICATION_ERROR" | "STATUS_INDICATION_IN_PROGRESS" | "STATUS_INDICATION_IDLE";
       /** @description Unix seconds; 0 when nobody has said anything yet */
       provisioningStatusTimestamp?: number;
       resourceId: string;
       /** @description Read-only */
       runtimePackages?: string;
       /** @enum {unknown} */
       securityFeature?: "SECURITY_FEATURE_UNSPECIFIED" | "SECURITY_FEATURE_NONE" | "SECURITY_FEATURE_SECURE_BOOT_AND_FULL_DISK_ENCRYPTION";
       timestamps: {
        /** @description RFC 3339, UTC */
        createdAt: string;
        /** @description RFC 3339, UTC */
        updatedAt: string;
       };
       trustedAttestationStatus?: string;
       /** @enum {unknown} */
       trustedAttestationStatusIndicator?: "STATUS_INDICATION_UNSPECIFIED" | "STATUS_INDICATION_ERROR" | "STATUS_INDICATION_IN_PROGRESS" | "STATUS_INDICATION_IDLE";
       /** @description Unix seconds; 0 when nobody has said anything yet */
       trustedAttestationStatusTimestamp?: number;
       updatePolicy?: {
        [key: string]: unknown;
       };
       updateStatus?: string;
       /** @enum {unknown} */
       updateStatusIndicator?: "STATUS_INDICATION_UNSPECIFIED" | "STATUS_INDICATION_ERROR" | "STATUS_INDICATION_IN_PROGRESS" | "STATUS_INDICATION_IDLE";
       /** @description Unix seconds; 0 when nobody has said anything yet */
       updateStatusTimestamp?: number;
       workloadMembers?: {
        [key: string]: unknown;
       }[];
      };
     };
    };
   };
  };
  /** Delete a instance */
  delete: {
   parameters: {
    query?: {
     /** @description Why; it is kept in the audit beside your name */
     reason?: string;
    };
    header?: {
     "if-match"?: string;
    };
    path: {
     /** @description Name of the project */
     projectName: string;
     resourceId: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": Record<string, unknown>;
     };
    };
   };
  };
  /** Change members of a instance */
  patch: {
   parameters: {
    query?: {
     fieldMask?: string;
    };
    header?: {
     "if-match"?: string;
    };
    path: {
     /** @description Name of the project */
     projectName: string;
     resourceId: string;
    };
   };
   requestBody: {
    content: {
     "application/json": {
      /** @description Read-only; accepted and ignored */
      currentState?: unknown;
      /** @description Read-only; accepted and ignored */
      customConfig?: unknown;
      customConfigID?: string[];
      /** @enum {unknown} */
      desiredState?: "INSTANCE_STATE_UNSPECIFIED" | "INSTANCE_STATE_RUNNING" | "INSTANCE_STATE_DELETED" | "INSTANCE_STATE_UNTRUSTED" | "";
      /** @description Read-only; accepted and ignored */
      existingCves?: unknown;
      /** @description Taken by its resourceId, where the id itself is not given */
      host?: {
       resourceId?: string;
      } & {
       [key: string]: unknown;
      };
      hostID?: string;
      /** @description Read-only; accepted and ignored */
      instanceID?: unknown;
      /** @description Read-only; accepted and ignored */
      instanceStatus?: unknown;
      /** @description Read-only; accepted and ignored */
      instanceStatusDetail?: unknown;
      /** @description Read-only; accepted and ignored */
      instanceStatusIndicator?: unknown;
      /** @description Read-only; accepted and ignored */
      instanceStatusTimestamp?: unknown;
      /** @enum {unknown} */
      kind?: "INSTANCE_KIND_UNSPECIFIED" | "INSTANCE_KIND_METAL" | "";
      /** @description Taken by its resourceId, where the id itself is not given */
      localaccount?: {
       resourceId?: string;
      } & {
       [key: string]: unknown;
      };
      localAccountID?: string;
      name?: string;
      /** @description Taken by its resourceId, where the id itself is not given */
      os?: {
       resourceId?: string;
      } & {
       [key: string]: unknown;
      };
      osID?: string;
      /** @description Read-only; accepted and ignored */
      osUpdateAvailable?: unknown;
      osUpdatePolicyID?: string;
      /** @description Read-only; accepted and ignored */
      provisioningStatus?: unknown;
      /** @description Read-only; accepted and ignored */
      provisioningStatusIndicator?: unknown;
      /** @description Read-only; accepted and ignored */
      provisioningStatusTimestamp?: unknown;
      /** @description Read-only; accepted and ignored */
      resourceId?: unknown;
      /** @description Read-only; accepted and ignored */
      runtimePackages?: unknown;
      /** @enum {unknown} */
      securityFeature?: "SECURITY_FEATURE_UNSPECIFIED" | "SECURITY_FEATURE_NONE" | "SECURITY_FEATURE_SECURE_BOOT_AND_FULL_DISK_ENCRYPTION" | "";
      /** @description Read-only; accepted and ignored */
      timestamps?: unknown;
      /** @description Read-only; accepted and ignored */
      trustedAttestationStatus?: unknown;
      /** @description Read-only; accepted and ignored */
      trustedAttestationStatusIndicator?: unknown;
      /** @description Read-only; accepted and ignored */
      trustedAttestationStatusTimestamp?: unknown;
      /** @description Taken by its resourceId, where the id itself is not given */
      updatePolicy?: {
       resourceId?: string;
      } & {
       [key: string]: unknown;
      };
      /** @description Read-only; accepted and ignored */
      updateStatus?: unknown;
      /** @description Read-only; accepted and ignored */
      updateStatusIndicator?: unknown;
      /** @description Read-only; accepted and ignored */
      updateStatusTimestamp?: unknown;
      /** @description Read-only; accepted and ignored */
      workloadMembers?: unknown;
     };
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       /** @enum {unknown} */
       currentState?: "INSTANCE_STATE_UNSPECIFIED" | "INSTANCE_STATE_RUNNING" | "INSTANCE_STATE_DELETED" | "INSTANCE_STATE_UNTRUSTED";
       customConfig?: {
        [key: string]: unknown;
       }[];
       customConfigID?: string[];
       /** @enum {unknown} */
       desiredState?: "INSTANCE_STATE_UNSPECIFIED" | "INSTANCE_STATE_RUNNING" | "INSTANCE_STATE_DELETED" | "INSTANCE_STATE_UNTRUSTED";
       /** @description Read-only */
       existingCves?: string;
       host?: {
        [key: string]: unknown;
       };
       hostID?: string;
       /** @description Deprecated: the same as resourceId */
       instanceID?: string;
       instanceStatus?: string;
       /** @description Read-only */
       instanceStatusDetail?: string;
       /** @enum {unknown} */
       instanceStatusIndicator?: "STATUS_INDICATION_UNSPECIFIED" | "STATUS_INDICATION_ERROR" | "STATUS_INDICATION_IN_PROGRESS" | "STATUS_INDICATION_IDLE";
       /** @description Unix seconds; 0 when nobody has said anything yet */
       instanceStatusTimestamp?: number;
       /** @enum {unknown} */
       kind?: "INSTANCE_KIND_UNSPECIFIED" | "INSTANCE_KIND_METAL";
       localaccount?: {
        [key: string]: unknown;
       };
       localAccountID?: string;
       name?: string;
       os?: {
        [key: string]: unknown;
       };
       osID?: string;
       /** @description Read-only */
       osUpdateAvailable?: string;
       osUpdatePolicyID?: string;
       provisioningStatus?: string;
       /** @enum {unknown} */
       provisioningStatusIndicator?: "STATUS_INDICATION_UNSPECIFIED" | "STATUS_INDICATION_ERROR" | "STATUS_INDICATION_IN_PROGRESS" | "STATUS_INDICATION_IDLE";
       /** @description Unix seconds; 0 when nobody has said anything yet */
       provisioningStatusTimestamp?: number;
       resourceId: string;
       /** @description Read-only */
       runtimePackages?: string;
       /** @enum {unknown} */
       securityFeature?: "SECURITY_FEATURE_UNSPECIFIED" | "SECURITY_FEATURE_NONE" | "SECURITY_FEATURE_SECURE_BOOT_AND_FULL_DISK_ENCRYPTION";
       timestamps: {
        /** @description RFC 3339, UTC */
        createdAt: string;
        /** @description RFC 3339, UTC */
        updatedAt: string;
       };
       trustedAttestationStatus?: string;
       /** @enum {unknown} */
       trustedAttestationStatusIndicator?: "STATUS_INDICATION_UNSPECIFIED" | "STATUS_INDICATION_ERROR" | "STATUS_INDICATION_IN_PROGRESS" | "STATUS_INDICATION_IDLE";
       /** @description Unix seconds; 0 when nobody has said anything yet */
       trustedAttestationStatusTimestamp?: number;
       updatePolicy?: {
        [key: string]: unknown;
       };
       updateStatus?: string;
       /** @enum {unknown} */
       updateStatusIndicator?: "STATUS_INDICATION_UNSPECIFIED" | "STATUS_INDICATION_ERROR" | "STATUS_INDICATION_IN_PROGRESS" | "STATUS_INDICATION_IDLE";
       /** @description Unix seconds; 0 when nobody has said anything yet */
       updateStatusTimestamp?: number;
       workloadMembers?: {
        [key: string]: unknown;
       }[];
      };
     };
    };
   };
  };
 };
 "/v1/projects/{projectName}/compute/instances/{resourceId}/invalidate": {
  /** Mark an instance as untrusted: from then on it can only be deleted */
  put: {
   parameters: {
    path: {
     /** @description Name of the project */
     projectName: string;
     resourceId: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": Record<string, unknown>;
     };
    };
   };
  };
 };
 "/v1/projects/{projectName}/compute/os": {
  /** List operating systems */
  get: {
   parameters: {
    query?: {
     /** @description nextCursor of the page before */
     cursor?: string;
     /** @description Such as name = "north" AND has(parentRegion) */
     filter?: string;
     offset?: number;
     /** @description Such as name asc, createdAt desc */
     orderBy?: string;
     pageSize?: number;
    };
    path: {
     /** @description Name of the project */
     projectName: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       hasNext: boolean;
       nextCursor?: string;
       OperatingSystemResources: {
        architecture?: string;
        description?: string;
        /** @description Read-only */
        existingCves?: string;
        /** Format: uri-reference */
        existingCvesUrl?: string;
        /** @description Read-only */
        fixedCves?: string;
        /** Format: uri-reference */
        fixedCvesUrl?: string;
        imageId?: string;
        imageUrl?: string;
        /** @description Read-only */
        installedPackages?: string;
        /** Format: uri-reference */
        installedPackagesUrl?: string;
        metadata?: string;
        name?: string;
        /** @enum {unknown} */
        osProvider?: "OS_PROVIDER_KIND_UNSPECIFIED" | "OS_PROVIDER_KIND_INFRA" | "OS_PROVIDER_KIND_LENOVO";
        /** @description Deprecated: the same as resourceId */
        osResourceID?: string;
        /** @enum {unknown} */
        osType?: "OS_TYPE_UNSPECIFIED" | "OS_TYPE_MUTABLE" | "OS_TYPE_IMMUTABLE";
        platformBundle?: string;
        profileName?: string;
        profileVersion?: string;
        /** @description Deprecated; see imageUrl */
        repoUrl?: string;
        resourceId: string;
        /** @enum {unknown} */
        securityFeature?: "SECURITY_FEATURE_UNSPECIFIED" | "SECURITY_FEATURE_NONE" | "SECURITY_FEATURE_SECURE_BOOT_AND_FULL_DISK_ENCRYPTION";
        sha256: string;
        timestamps: {
         /** @description RFC 3339, UTC */
         createdAt: string;
         /** @description RFC 3339, UTC */
         updatedAt: string;
        };
        /** @description A certificate in base 64; public */
        tlsCaCert?: string;
       }[];
       totalElements: number;
      };
     };
    };
   };
  };
  /** Create a operating system */
  post: {
   parameters: {
    path: {
     /** @description Name of the project */
     projectName: string;
    };
   };
   requestBody: {
    content: {
     "application/json": {
      architecture?: string;
      description?: string;
      /** @description Read-only; accepted and ignored */
      existingCves?: unknown;
      /** Format: uri-reference */
      existingCvesUrl?: string;
      /** @description Read-only; accepted and ignored */
      fixedCves?: unknown;
      /** Format: uri-reference */
      fixedCvesUrl?: string;
      imageId?: string;
      imageUrl?: string;
      /** @description Read-only; accepted and ignored */
      installedPackages?: unknown;
      /** Format: uri-reference */
      installedPackagesUrl?: string;
      metadata?: string;
      name?: string;
      /** @enum {unknown} */
      osProvider?: "OS_PROVIDER_KIND_UNSPECIFIED" | "OS_PROVIDER_KIND_INFRA" | "OS_PROVIDER_KIND_LENOVO" | "";
      /** @description Read-only; accepted and ignored */
      osResourceID?: unknown;
      /** @enum {unknown} */
      osType?: "OS_TYPE_UNSPECIFIED" | "OS_TYPE_MUTABLE" | "OS_TYPE_IMMUTABLE" | "";
      /** @description Read-only; accepted and ignored */
      platformBundle?: unknown;
      profileName?: string;
      /** @description Read-only; accepted and ignored */
      profileVersion?: unknown;
      /** @description Deprecated; see imageUrl */
      repoUrl?: string;
      /** @description Read-only; accepted and ignored */
      resourceId?: unknown;
      /** @enum {unknown} */
      securityFeature?: "SECURITY_FEATURE_UNSPECIFIED" | "SECURITY_FEATURE_NONE" | "SECURITY_FEATURE_SECURE_BOOT_AND_FULL_DISK_ENCRYPTION" | "";
      sha256: string;
      /** @description Read-only; accepted and ignored */
      timestamps?: unknown;
      /** @description A certificate in base 64; public */
      tlsCaCert?: string;
     };
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       architecture?: string;
       description?: string;
       /** @description Read-only */
       existingCves?: string;
       /** Format: uri-reference */
       existingCvesUrl?: string;
       /** @description Read-only */
       fixedCves?: string;
       /** Format: uri-reference */
       fixedCvesUrl?: string;
       imageId?: string;
       imageUrl?: string;
       /** @description Read-only */
       installedPackages?: string;
       /** Format: uri-reference */
       installedPackagesUrl?: string;
       metadata?: string;
       name?: string;
       /** @enum {unknown} */
       osProvider?: "OS_PROVIDER_KIND_UNSPECIFIED" | "OS_PROVIDER_KIND_INFRA" | "OS_PROVIDER_KIND_LENOVO";
       /** @description Deprecated: the same as resourceId */
       osResourceID?: string;
       /** @enum {unknown} */
       osType?: "OS_TYPE_UNSPECIFIED" | "OS_TYPE_MUTABLE" | "OS_TYPE_IMMUTABLE";
       platformBundle?: string;
       profileName?: string;
       profileVersion?: string;
       /** @description Deprecated; see imageUrl */
       repoUrl?: string;
       resourceId: string;
       /** @enum {unknown} */
       securityFeature?: "SECURITY_FEATURE_UNSPECIFIED" | "SECURITY_FEATURE_NONE" | "SECURITY_FEATURE_SECURE_BOOT_AND_FULL_DISK_ENCRYPTION";
       sha256: string;
       timestamps: {
        /** @description RFC 3339, UTC */
        createdAt: string;
        /** @description RFC 3339, UTC */
        updatedAt: string;
       };
       /** @description A certificate in base 64; public */
       tlsCaCert?: string;
      };
     };
    };
   };
  };
 };
 "/v1/projects/{projectName}/compute/os/{resourceId}": {
  /** Read a operating system */
  get: {
   parameters: {
    path: {
     /** @description Name of the project */
     projectName: string;
     resourceId: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       architecture?: string;
       description?: string;
       /** @description Read-only */
       existingCves?: string;
       /** Format: uri-reference */
       existingCvesUrl?: string;
       /** @description Read-only */
       fixedCves?: string;
       /** Format: uri-reference */
       fixedCvesUrl?: string;
       imageId?: string;
       imageUrl?: string;
       /** @description Read-only */
       installedPackages?: string;
       /** Format: uri-reference */
       installedPackagesUrl?: string;
       metadata?: string;
       name?: string;
       /** @enum {unknown} */
       osProvider?: "OS_PROVIDER_KIND_UNSPECIFIED" | "OS_PROVIDER_KIND_INFRA" | "OS_PROVIDER_KIND_LENOVO";
       /** @description Deprecated: the same as resourceId */
       osResourceID?: string;
       /** @enum {unknown} */
       osType?: "OS_TYPE_UNSPECIFIED" | "OS_TYPE_MUTABLE" | "OS_TYPE_IMMUTABLE";
       platformBundle?: string;
       profileName?: string;
       profileVersion?: string;
       /** @description Deprecated; see imageUrl */
       repoUrl?: string;
       resourceId: string;
       /** @enum {unknown} */
       securityFeature?: "SECURITY_FEATURE_UNSPECIFIED" | "SECURITY_FEATURE_NONE" | "SECURITY_FEATURE_SECURE_BOOT_AND_FULL_DISK_ENCRYPTION";
       sha256: string;
       timestamps: {
        /** @description RFC 3339, UTC */
        createdAt: string;
        /** @description RFC 3339, UTC */
        updatedAt: string;
       };
       /** @description A certificate in base 64; public */
       tlsCaCert?: string;
      };
     };
    };
   };
  };
  /** Replace a operating system */
  put: {
   parameters: {
    header?: {
     "if-match"?: string;
    };
    path: {
     /** @description Name of the project */
     projectName: string;
     resourceId: string;
    };
   };
   requestBody: {
    content: {
     "application/json": {
      architecture?: string;
      description?: string;
      /** @description Read-only; accepted and ignored */
      existingCves?: unknown;
      /** Format: uri-reference */
      existingCvesUrl?: string;
      /** @description Read-only; accepted and ignored */
      fixedCves?: unknown;
      /** Format: uri-reference */
      fixedCvesUrl?: string;
      imageId?: string;
      imageUrl?: string;
      /** @description Read-only; accepted and ignored */
      installedPackages?: unknown;
      /** Format: uri-reference */
      installedPackagesUrl?: string;
      metadata?: string;
      name?: string;
      /** @enum {unknown} */
      osProvider?: "OS_PROVIDER_KIND_UNSPECIFIED" | "OS_PROVIDER_KIND_INFRA" | "OS_PROVIDER_KIND_LENOVO" | "";
      /** @description Read-only; accepted and ignored */
      osResourceID?: unknown;
      /** @enum {unknown} */
      osType?: "OS_TYPE_UNSPECIFIED" | "OS_TYPE_MUTABLE" | "OS_TYPE_IMMUTABLE" | "";
      /** @description Read-only; accepted and ignored */
      platformBundle?: unknown;
      profileName?: string;
      /** @description Read-only; accepted and ignored */
      profileVersion?: unknown;
      /** @description Deprecated; see imageUrl */
      repoUrl?: string;
      /** @description Read-only; accepted and ignored */
      resourceId?: unknown;
      /** @enum {unknown} */
      securityFeature?: "SECURITY_FEATURE_UNSPECIFIED" | "SECURITY_FEATURE_NONE" | "SECURITY_FEATURE_SECURE_BOOT_AND_FULL_DISK_ENCRYPTION" | "";
      sha256: string;
      /** @description Read-only; accepted and ignored */
      timestamps?: unknown;
      /** @description A certificate in base 64; public */
      tlsCaCert?: string;
     };
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       architecture?: string;
       description?: string;
       /** @description Read-only */
       existingCves?: string;
       /** Format: uri-reference */
       existingCvesUrl?: string;
       /** @description Read-only */
       fixedCves?: string;
       /** Format: uri-reference */
       fixedCvesUrl?: string;
       imageId?: string;
       imageUrl?: string;
       /** @description Read-only */
       installedPackages?: string;
       /** Format: uri-reference */
       installedPackagesUrl?: string;
       metadata?: string;
       name?: string;
       /** @enum {unknown} */
       osProvider?: "OS_PROVIDER_KIND_UNSPECIFIED" | "OS_PROVIDER_KIND_INFRA" | "OS_PROVIDER_KIND_LENOVO";
       /** @description Deprecated: the same as resourceId */
       osResourceID?: string;
       /** @enum {unknown} */
       osType?: "OS_TYPE_UNSPECIFIED" | "OS_TYPE_MUTABLE" | "OS_TYPE_IMMUTABLE";
       platformBundle?: string;
       profileName?: string;
       profileVersion?: string;
       /** @description Deprecated; see imageUrl */
       repoUrl?: string;
       resourceId: string;
       /** @enum {unknown} */
       securityFeature?: "SECURITY_FEATURE_UNSPECIFIED" | "SECURITY_FEATURE_NONE" | "SECURITY_FEATURE_SECURE_BOOT_AND_FULL_DISK_ENCRYPTION";
       sha256: string;
       timestamps: {
        /** @description RFC 3339, UTC */
        createdAt: string;
        /** @description RFC 3339, UTC */
        updatedAt: string;
       };
       /** @description A certificate in base 64; public */
       tlsCaCert?: string;
      };
     };
    };
   };
  };
  /** Delete a operating system */
  delete: {
   parameters: {
    query?: {
     /** @description Why; it is kept in the audit beside your name */
     reason?: string;
    };
    header?: {
     "if-match"?: string;
    };
    path: {
     /** @description Name of the project */
     projectName: string;
     resourceId: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": Record<string, unknown>;
     };
    };
   };
  };
  /** Change members of a operating system */
  patch: {
   parameters: {
    query?: {
     fieldMask?: string;
    };
    header?: {
     "if-match"?: string;
    };
    path: {
     /** @description Name of the project */
     projectName: string;
     resourceId: string;
    };
   };
   requestBody: {
    content: {
     "application/json": {
      architecture?: string;
      description?: string;
      /** @description Read-only; accepted and ignored */
      existingCves?: unknown;
      /** Format: uri-reference */
      existingCvesUrl?: string;
      /** @description Read-only; accepted and ignored */
      fixedCves?: unknown;
      /** Format: uri-reference */
      fixedCvesUrl?: string;
      imageId?: string;
      imageUrl?: string;
      /** @description Read-only; accepted and ignored */
      installedPackages?: unknown;
      /** Format: uri-reference */
      installedPackagesUrl?: string;
      metadata?: string;
      name?: string;
      /** @enum {unknown} */
      osProvider?: "OS_PROVIDER_KIND_UNSPECIFIED" | "OS_PROVIDER_KIND_INFRA" | "OS_PROVIDER_KIND_LENOVO" | "";
      /** @description Read-only; accepted and ignored */
      osResourceID?: unknown;
      /** @enum {unknown} */
      osType?: "OS_TYPE_UNSPECIFIED" | "OS_TYPE_MUTABLE" | "OS_TYPE_IMMUTABLE" | "";
      /** @description Read-only; accepted and ignored */
      platformBundle?: unknown;
      profileName?: string;
      /** @description Read-only; accepted and ignored */
      profileVersion?: unknown;
      /** @description Deprecated; see imageUrl */
      repoUrl?: string;
      /** @description Read-only; accepted and ignored */
      resourceId?: unknown;
      /** @enum {unknown} */
      securityFeature?: "SECURITY_FEATURE_UNSPECIFIED" | "SECURITY_FEATURE_NONE" | "SECURITY_FEATURE_SECURE_BOOT_AND_FULL_DISK_ENCRYPTION" | "";
      sha256?: string;
      /** @description Read-only; accepted and ignored */
      timestamps?: unknown;
      /** @description A certificate in base 64; public */
      tlsCaCert?: string;
     };
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       architecture?: string;
       description?: string;
       /** @description Read-only */
       existingCves?: string;
       /** Format: uri-reference */
       existingCvesUrl?: string;
       /** @description Read-only */
       fixedCves?: string;
       /** Format: uri-reference */
       fixedCvesUrl?: string;
       imageId?: string;
       imageUrl?: string;
       /** @description Read-only */
       installedPackages?: string;
       /** Format: uri-reference */
       installedPackagesUrl?: string;
       metadata?: string;
       name?: string;
       /** @enum {unknown} */
       osProvider?: "OS_PROVIDER_KIND_UNSPECIFIED" | "OS_PROVIDER_KIND_INFRA" | "OS_PROVIDER_KIND_LENOVO";
       /** @description Deprecated: the same as resourceId */
       osResourceID?: string;
       /** @enum {unknown} */
       osType?: "OS_TYPE_UNSPECIFIED" | "OS_TYPE_MUTABLE" | "OS_TYPE_IMMUTABLE";
       platformBundle?: string;
       profileName?: string;
       profileVersion?: string;
       /** @description Deprecated; see imageUrl */
       repoUrl?: string;
       resourceId: string;
       /** @enum {unknown} */
       securityFeature?: "SECURITY_FEATURE_UNSPECIFIED" | "SECURITY_FEATURE_NONE" | "SECURITY_FEATURE_SECURE_BOOT_AND_FULL_DISK_ENCRYPTION";
       sha256: string;
       timestamps: {
        /** @description RFC 3339, UTC */
        createdAt: string;
        /** @description RFC 3339, UTC */
        updatedAt: string;
       };
       /** @description A certificate in base 64; public */
       tlsCaCert?: string;
      };
     };
    };
   };
  };
 };
 "/v1/projects/{projectName}/customConfigs": {
  /** List custom configs */
  get: {
   parameters: {
    query?: {
     /** @description nextCursor of the page before */
     cursor?: string;
     /** @description Such as name = "north" AND has(parentRegion) */
     filter?: string;
     offset?: number;
     /** @description Such as name asc, createdAt desc */
     orderBy?: string;
     pageSize?: number;
    };
    path: {
     /** @description Name of the project */
     projectName: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       customConfigs: {
        /** @description Cloud-init user data of at most 16,384 characters: YAML behind #cloud-config */
        config: string;
        description?: string;
        name: string;
        resourceId: string;
        timestamps: {
         /** @description RFC 3339, UTC */
         createdAt: string;
         /** @description RFC 3339, UTC */
         updatedAt: string;
        };
       }[];
       hasNext: boolean;
       nextCursor?: string;
       totalElements: number;
      };
     };
    };
   };
  };
  /** Create a custom config */
  post: {
   parameters: {
    path: {
     /** @description Name of the project */
     projectName: string;
    };
   };
   requestBody: {
    content: {
     "application/json": {
      /** @description Cloud-init user data of at most 16,384 characters: YAML behind #cloud-config */
      config: string;
      description?: string;
      name: string;
      /** @description Read-only; accepted and ignored */
      resourceId?: unknown;
      /** @description Read-only; accepted and ignored */
      timestamps?: unknown;
     };
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       /** @description Cloud-init user data of at most 16,384 characters: YAML behind #cloud-config */
       config: string;
       description?: string;
       name: string;
       resourceId: string;
       timestamps: {
        /** @description RFC 3339, UTC */
        createdAt: string;
        /** @description RFC 3339, UTC */
        updatedAt: string;
       };
      };
     };
    };
   };
  };
 };
 "/v1/projects/{projectName}/customConfigs/{resourceId}": {
  /** Read a custom config */
  get: {
   parameters: {
    path: {
     /** @description Name of the project */
     projectName: string;
     resourceId: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       /** @description Cloud-init user data of at most 16,384 characters: YAML behind #cloud-config */
       config: string;
       description?: string;
       name: string;
       resourceId: string;
       timestamps: {
        /** @description RFC 3339, UTC */
        createdAt: string;
        /** @description RFC 3339, UTC */
        updatedAt: string;
       };
      };
     };
    };
   };
  };
  /** Delete a custom config */
  delete: {
   parameters: {
    query?: {
     /** @description Why; it is kept in the audit beside your name */
     reason?: string;
    };
    header?: {
     "if-match"?: string;
    };
    path: {
     /** @description Name of the project */
     projectName: string;
     resourceId: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": Record<string, unknown>;
     };
    };
   };
  };
 };
 "/v1/projects/{projectName}/localAccounts": {
  /** List local accounts */
  get: {
   parameters: {
    query?: {
     /** @description nextCursor of the page before */
     cursor?: string;
     /** @description Such as name = "north" AND has(parentRegion) */
     filter?: string;
     offset?: number;
     /** @description Such as name asc, createdAt desc */
     orderBy?: string;
     pageSize?: number;
    };
    path: {
     /** @description Name of the project */
     projectName: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       hasNext: boolean;
       localAccounts: {
        /** @description Deprecated: the same as resourceId */
        localAccountID?: string;
        resourceId: string;
        /** @description A public key: ssh-ed25519 or ecdsa-sha2-nistp521 */
        sshKey: string;
        timestamps: {
         /** @description RFC 3339, UTC */
         createdAt: string;
         /** @description RFC 3339, UTC */
         updatedAt: string;
        };
        username: string;
       }[];
       nextCursor?: string;
       totalElements: number;
      };
     };
    };
   };
  };
  /** Create a local account */
  post: {
   parameters: {
    path: {
     /** @description Name of the project */
     projectName: string;
    };
   };
   requestBody: {
    content: {
     "application/json": {
      /** @description Read-only; accepted and ignored */
      localAccountID?: unknown;
      /** @description Read-only; accepted and ignored */
      resourceId?: unknown;
      /** @description A public key: ssh-ed25519 or ecdsa-sha2-nistp521 */
      sshKey: string;
      /** @description Read-only; accepted and ignored */
      timestamps?: unknown;
      username: string;
     };
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       /** @description Deprecated: the same as resourceId */
       localAccountID?: string;
       resourceId: string;
       /** @description A public key: ssh-ed25519 or ecdsa-sha2-nistp521 */
       sshKey: string;
       timestamps: {
        /** @description RFC 3339, UTC */
        createdAt: string;
        /** @description RFC 3339, UTC */
        updatedAt: string;
       };
       username: string;
      };
     };
    };
   };
  };
 };
 "/v1/projects/{projectName}/localAccounts/{resourceId}": {
  /** Read a local account */
  get: {
   parameters: {
    path: {
     /** @description Name of the project */
     projectName: string;
     resourceId: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       /** @description Deprecated: the same as resourceId */
       localAccountID?: string;
       resourceId: string;
       /** @description A public key: ssh-ed25519 or ecdsa-sha2-nistp521 */
       sshKey: string;
       timestamps: {
        /** @description RFC 3339, UTC */
        createdAt: string;
        /** @description RFC 3339, UTC */
        updatedAt: string;
       };
       username: string;
      };
     };
    };
   };
  };
  /** Delete a local account */
  delete: {
   parameters: {
    query?: {
     /** @description Why; it is kept in the audit beside your name */
     reason?: string;
    };
    header?: {
     "if-match"?: string;
    };
    path: {
     /** @description Name of the project */
     projectName: string;
     resourceId: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": Record<string, unknown>;
     };
    };
   };
  };
 };
 "/v1/projects/{projectName}/locations": {
  /** Show regions and sites as a tree */
  get: {
   parameters: {
    query?: {
     name?: string;
     showRegions?: boolean;
     showSites?: boolean;
    };
    path: {
     /** @description Name of the project */
     projectName: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       nodes: {
        name: string;
        parentId: string;
        resourceId: string;
        /** @enum {unknown} */
        type: "RESOURCE_KIND_UNSPECIFIED" | "RESOURCE_KIND_REGION" | "RESOURCE_KIND_SITE";
       }[];
       /** @description Nodes in this answer: at most 1000 regions and 1000 sites */
       outputElements: number;
       /** @description Nodes of the whole answer */
       totalElements: number;
      };
     };
    };
   };
  };
 };
 "/v1/projects/{projectName}/os-update-policies": {
  /** List OS update policies */
  get: {
   parameters: {
    query?: {
     /** @description nextCursor of the page before */
     cursor?: string;
     /** @description Such as name = "north" AND has(parentRegion) */
     filter?: string;
     offset?: number;
     /** @description Such as name asc, createdAt desc */
     orderBy?: string;
     pageSize?: number;
    };
    path: {
     /** @description Name of the project */
     projectName: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       hasNext: boolean;
       nextCursor?: string;
       osUpdatePolicies: {
        description?: string;
        name: string;
        resourceId: string;
        targetOs?: {
         [key: string]: unknown;
        };
        targetOsId?: string;
        timestamps: {
         /** @description RFC 3339, UTC */
         createdAt: string;
         /** @description RFC 3339, UTC */
         updatedAt: string;
        };
        /** @description For mutable systems */
        updateKernelCommand?: string;
        /** @description Names of packages, one in a line, for mutable systems */
        updatePackages?: string;
        /** @enum {unknown} */
        updatePolicy?: "UPDATE_POLICY_UNSPECIFIED" | "UPDATE_POLICY_LATEST" | "UPDATE_POLICY_TARGET";
        /** @description Package sources (DEB822), for mutable systems */
        updateSources?: string[];
       }[];
       totalElements: number;
      };
     };
    };
   };
  };
  /** Create a OS update policy */
  post: {
   parameters: {
    path: {
     /** @description Name of the project */
     projectName: string;
    };
   };
   requestBody: {
    content: {
     "application/json": {
      description?: string;
      name: string;
      /** @description Read-only; accepted and ignored */
      resourceId?: unknown;
      /** @description Taken by its resourceId, where the id itself is not given */
      targetOs?: {
       resourceId?: string;
      } & {
       [key: string]: unknown;
      };
      targetOsId?: string;
      /** @description Read-only; accepted and ignored */
      timestamps?: unknown;
      /** @description For mutable systems */
      updateKernelCommand?: string;
      /** @description Names of packages, one in a line, for mutable systems */
      updatePackages?: string;
      /** @enum {unknown} */
      updatePolicy?: "UPDATE_POLICY_UNSPECIFIED" | "UPDATE_POLICY_LATEST" | "UPDATE_POLICY_TARGET" | "";
      /** @description Package sources (DEB822), for mutable systems */
      updateSources?: string[];
     };
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       description?: string;
       name: string;
       resourceId: string;
       targetOs?: {
        [key: string]: unknown;
       };
       targetOsId?: string;
       timestamps: {
        /** @description RFC 3339, UTC */
        createdAt: string;
        /** @description RFC 3339, UTC */
        updatedAt: string;
       };
       /** @description For mutable systems */
       updateKernelCommand?: string;
       /** @description Names of packages, one in a line, for mutable systems */
       updatePackages?: string;
       /** @enum {unknown} */
       updatePolicy?: "UPDATE_POLICY_UNSPECIFIED" | "UPDATE_POLICY_LATEST" | "UPDATE_POLICY_TARGET";
       /** @description Package sources (DEB822), for mutable systems */
       updateSources?: string[];
      };
     };
    };
   };
  };
 };
 "/v1/projects/{projectName}/os-update-policies/{resourceId}": {
  /** Read a OS update policy */
  get: {
   parameters: {
    path: {
     /** @description Name of the project */
     projectName: string;
     resourceId: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       description?: string;
       name: string;
       resourceId: string;
       targetOs?: {
        [key: string]: unknown;
       };
       targetOsId?: string;
       timestamps: {
        /** @description RFC 3339, UTC */
        createdAt: string;
        /** @description RFC 3339, UTC */
        updatedAt: string;
       };
       /** @description For mutable systems */
       updateKernelCommand?: string;
       /** @description Names of packages, one in a line, for mutable systems */
       updatePackages?: string;
       /** @enum {unknown} */
       updatePolicy?: "UPDATE_POLICY_UNSPECIFIED" | "UPDATE_POLICY_LATEST" | "UPDATE_POLICY_TARGET";
       /** @description Package sources (DEB822), for mutable systems */
       updateSources?: string[];
      };
     };
    };
   };
  };
  /** Delete a OS update policy */
  delete: {
   parameters: {
    query?: {
     /** @description Why; it is kept in the audit beside your name */
     reason?: string;
    };
    header?: {
     "if-match"?: string;
    };
    path: {
     /** @description Name of the project */
     projectName: string;
     resourceId: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": Record<string, unknown>;
     };
    };
   };
  };
 };
 "/v1/projects/{projectName}/os-update-runs": {
  /** List OS update runs */
  get: {
   parameters: {
    query?: {
     /** @description nextCursor of the page before */
     cursor?: string;
     /** @description Such as name = "north" AND has(parentRegion) */
     filter?: string;
     offset?: number;
     /** @description Such as name asc, createdAt desc */
     orderBy?: string;
     pageSize?: number;
    };
    path: {
     /** @description Name of the project */
     projectName: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       hasNext: boolean;
       nextCursor?: string;
       osUpdateRuns: {
        appliedPolicy?: {
         [key: string]: unknown;
        };
        description?: string;
        /** @description Unix seconds */
        endTime?: number;
        instance?: {
         [key: string]: unknown;
        };
        name?: string;
        resourceId: string;
        /** @description Unix seconds */
        startTime?: number;
        status?: string;
        statusDetails?: string;
        /** @enum {unknown} */
        statusIndicator?: "STATUS_INDICATION_UNSPECIFIED" | "STATUS_INDICATION_ERROR" | "STATUS_INDICATION_IN_PROGRESS" | "STATUS_INDICATION_IDLE";
        /** @description Unix seconds */
        statusTimestamp?: number;
        timestamps: {
         /** @description RFC 3339, UTC */
         createdAt: string;
         /** @description RFC 3339, UTC */
         updatedAt: string;
        };
       }[];
       totalElements: number;
      };
     };
    };
   };
  };
 };
 "/v1/projects/{projectName}/os-update-runs/{resourceId}": {
  /** Read a OS update run */
  get: {
   parameters: {
    path: {
     /** @description Name of the project */
     projectName: string;
     resourceId: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       appliedPolicy?: {
        [key: string]: unknown;
       };
       description?: string;
       /** @description Unix seconds */
       endTime?: number;
       instance?: {
        [key: string]: unknown;
       };
       name?: string;
       resourceId: string;
       /** @description Unix seconds */
       startTime?: number;
       status?: string;
       statusDetails?: string;
       /** @enum {unknown} */
       statusIndicator?: "STATUS_INDICATION_UNSPECIFIED" | "STATUS_INDICATION_ERROR" | "STATUS_INDICATION_IN_PROGRESS" | "STATUS_INDICATION_IDLE";
       /** @description Unix seconds */
       statusTimestamp?: number;
       timestamps: {
        /** @description RFC 3339, UTC */
        createdAt: string;
        /** @description RFC 3339, UTC */
        updatedAt: string;
       };
      };
     };
    };
   };
  };
  /** Delete a OS update run */
  delete: {
   parameters: {
    query?: {
     /** @description Why; it is kept in the audit beside your name */
     reason?: string;
    };
    header?: {
     "if-match"?: string;
    };
    path: {
     /** @description Name of the project */
     projectName: string;
     resourceId: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": Record<string, unknown>;
     };
    };
   };
  };
 };
 "/v1/projects/{projectName}/providers": {
  /** List providers */
  get: {
   parameters: {
    query?: {
     /** @description nextCursor of the page before */
     cursor?: string;
     /** @description Such as name = "north" AND has(parentRegion) */
     filter?: string;
     offset?: number;
     /** @description Such as name asc, createdAt desc */
     orderBy?: string;
     pageSize?: number;
    };
    path: {
     /** @description Name of the project */
     projectName: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       hasNext: boolean;
       nextCursor?: string;
       providers: {
        apiEndpoint: string;
        config?: string;
        name: string;
        /** @description Deprecated: the same as resourceId */
        providerID?: string;
        /** @enum {unknown} */
        providerKind: "PROVIDER_KIND_UNSPECIFIED" | "PROVIDER_KIND_BAREMETAL";
        /** @enum {unknown} */
        providerVendor?: "PROVIDER_VENDOR_UNSPECIFIED" | "PROVIDER_VENDOR_LENOVO_LXCA" | "PROVIDER_VENDOR_LENOVO_LOCA";
        resourceId: string;
        timestamps: {
         /** @description RFC 3339, UTC */
         createdAt: string;
         /** @description RFC 3339, UTC */
         updatedAt: string;
        };
       }[];
       totalElements: number;
      };
     };
    };
   };
  };
  /** Create a provider */
  post: {
   parameters: {
    path: {
     /** @description Name of the project */
     projectName: string;
    };
   };
   requestBody: {
    content: {
     "application/json": {
      apiCredentials?: string[];
      apiEndpoint: string;
      config?: string;
      name: string;
      /** @description Read-only; accepted and ignored */
      providerID?: unknown;
      /** @enum {unknown} */
      providerKind: "PROVIDER_KIND_UNSPECIFIED" | "PROVIDER_KIND_BAREMETAL";
      /** @enum {unknown} */
      providerVendor?: "PROVIDER_VENDOR_UNSPECIFIED" | "PROVIDER_VENDOR_LENOVO_LXCA" | "PROVIDER_VENDOR_LENOVO_LOCA" | "";
      /** @description Read-only; accepted and ignored */
      resourceId?: unknown;
      /** @description Read-only; accepted and ignored */
      timestamps?: unknown;
     };
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       apiEndpoint: string;
       config?: string;
       name: string;
       /** @description Deprecated: the same as resourceId */
       providerID?: string;
       /** @enum {unknown} */
       providerKind: "PROVIDER_KIND_UNSPECIFIED" | "PROVIDER_KIND_BAREMETAL";
       /** @enum {unknown} */
       providerVendor?: "PROVIDER_VENDOR_UNSPECIFIED" | "PROVIDER_VENDOR_LENOVO_LXCA" | "PROVIDER_VENDOR_LENOVO_LOCA";
       resourceId: string;
       timestamps: {
        /** @description RFC 3339, UTC */
        createdAt: string;
        /** @description RFC 3339, UTC */
        updatedAt: string;
       };
      };
     };
    };
   };
  };
 };
 "/v1/projects/{projectName}/providers/{resourceId}": {
  /** Read a provider */
  get: {
   parameters: {
    path: {
     /** @description Name of the project */
     projectName: string;
     resourceId: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       apiEndpoint: string;
       config?: string;
       name: string;
       /** @description Deprecated: the same as resourceId */
       providerID?: string;
       /** @enum {unknown} */
       providerKind: "PROVIDER_KIND_UNSPECIFIED" | "PROVIDER_KIND_BAREMETAL";
       /** @enum {unknown} */
       providerVendor?: "PROVIDER_VENDOR_UNSPECIFIED" | "PROVIDER_VENDOR_LENOVO_LXCA" | "PROVIDER_VENDOR_LENOVO_LOCA";
       resourceId: string;
       timestamps: {
        /** @description RFC 3339, UTC */
        createdAt: string;
        /** @description RFC 3339, UTC */
        updatedAt: string;
       };
      };
     };
    };
   };
  };
  /** Delete a provider */
  delete: {
   parameters: {
    query?: {
     /** @description Why; it is kept in the audit beside your name */
     reason?: string;
    };
    header?: {
     "if-match"?: string;
    };
    path: {
     /** @description Name of the project */
     projectName: string;
     resourceId: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": Record<string, unknown>;
     };
    };
   };
  };
 };
 "/v1/projects/{projectName}/regions": {
  /** List regions */
  get: {
   parameters: {
    query?: {
     /** @description nextCursor of the page before */
     cursor?: string;
     /** @description Such as name = "north" AND has(parentRegion) */
     filter?: string;
     offset?: number;
     /** @description Such as name asc, createdAt desc */
     orderBy?: string;
     pageSize?: number;
     /** @description Count the sites in each region and below it */
     showTotalSites?: boolean;
    };
    path: {
     /** @description Name of the project */
     projectName: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       hasNext: boolean;
       nextCursor?: string;
       regions: {
        inheritedMetadata?: {
         key: string;
         value: string;
        }[];
        metadata?: {
         key: string;
         value: string;
        }[];
        name?: string;
        parentId?: string;
        parentRegion?: {
         [key: string]: unknown;
        };
        /** @description Deprecated: the same as resourceId */
        regionID?: string;
        resourceId: string;
        timestamps: {
         /** @description RFC 3339, UTC */
         createdAt: string;
         /** @description RFC 3339, UTC */
         updatedAt: string;
        };
        totalSites?: number;
       }[];
       totalElements: number;
      };
     };
    };
   };
  };
  /** Create a region */
  post: {
   parameters: {
    path: {
     /** @description Name of the project */
     projectName: string;
    };
   };
   requestBody: {
    content: {
     "application/json": {
      /** @description Read-only; accepted and ignored */
      inheritedMetadata?: unknown;
      metadata?: {
       key: string;
       value: string;
      }[];
      name?: string;
      parentId?: string;
      /** @description Taken by its resourceId, where the id itself is not given */
      parentRegion?: {
       resourceId?: string;
      } & {
       [key: string]: unknown;
      };
      /** @description Read-only; accepted and ignored */
      regionID?: unknown;
      /** @description Read-only; accepted and ignored */
      resourceId?: unknown;
      /** @description Read-only; accepted and ignored */
      timestamps?: unknown;
      /** @description Read-only; accepted and ignored */
      totalSites?: unknown;
     };
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       inheritedMetadata?: {
        key: string;
        value: string;
       }[];
       metadata?: {
        key: string;
        value: string;
       }[];
       name?: string;
       parentId?: string;
       parentRegion?: {
        [key: string]: unknown;
       };
       /** @description Deprecated: the same as resourceId */
       regionID?: string;
       resourceId: string;
       timestamps: {
        /** @description RFC 3339, UTC */
        createdAt: string;
        /** @description RFC 3339, UTC */
        updatedAt: string;
       };
       totalSites?: number;
      };
     };
    };
   };
  };
 };
 "/v1/projects/{projectName}/regions/{regionId}/sites": {
  /** List sites */
  get: {
   parameters: {
    query?: {
     /** @description nextCursor of the page before */
     cursor?: string;
     /** @description Such as name = "north" AND has(parentRegion) */
     filter?: string;
     offset?: number;
     /** @description Such as name asc, createdAt desc */
     orderBy?: string;
     pageSize?: number;
    };
    path: {
     /** @description Name of the project */
     projectName: string;
     regionId: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       hasNext: boolean;
       nextCursor?: string;
       sites: {
        inheritedMetadata?: {
         key: string;
         value: string;
        }[];
        metadata?: {
         key: string;
         value: string;
        }[];
        name?: string;
        provider?: {
         [key: string]: unknown;
        };
        region?: {
         [key: string]: unknown;
        };
        regionId?: string;
        resourceId: string;
        /** @description Deprecated: the same as resourceId */
        siteID?: string;
        /** @description Degrees north, times 10,000,000 */
        siteLat?: number;
        /** @description Degrees east, times 10,000,000 */
        siteLng?: number;
        timestamps: {
         /** @description RFC 3339, UTC */
         createdAt: string;
         /** @description RFC 3339, UTC */
         updatedAt: string;
        };
       }[];
       totalElements: number;
      };
     };
    };
   };
  };
  /** Create a site */
  post: {
   parameters: {
    path: {
     /** @description Name of the project */
     projectName: string;
     regionId: string;
    };
   };
   requestBody: {
    content: {
     "application/json": {
      /** @description Read-only; accepted and ignored */
      inheritedMetadata?: unknown;
      metadata?: {
       key: string;
       value: string;
      }[];
      name?: string;
      /** @description Taken by its resourceId, where the id itself is not given */
      provider?: {
       resourceId?: string;
      } & {
       [key: string]: unknown;
      };
      /** @description Taken by its resourceId, where the id itself is not given */
      region?: {
       resourceId?: string;
      } & {
       [key: string]: unknown;
      };
      regionId?: string;
      /** @description Read-only; accepted and ignored */
      resourceId?: unknown;
      /** @description Read-only; accepted and ignored */
      siteID?: unknown;
      /** @description Degrees north, times 10,000,000 */
      siteLat?: number;
      /** @description Degrees east, times 10,000,000 */
      siteLng?: number;
      /** @description Read-only; accepted and ignored */
      timestamps?: unknown;
     };
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       inheritedMetadata?: {
        key: string;
        value: string;
       }[];
       metadata?: {
        key: string;
        value: string;
       }[];
       name?: string;
       provider?: {
        [key: string]: unknown;
       };
       region?: {
        [key: string]: unknown;
       };
       regionId?: string;
       resourceId: string;
       /** @description Deprecated: the same as resourceId */
       siteID?: string;
       /** @description Degrees north, times 10,000,000 */
       siteLat?: number;
       /** @description Degrees east, times 10,000,000 */
       siteLng?: number;
       timestamps: {
        /** @description RFC 3339, UTC */
        createdAt: string;
        /** @description RFC 3339, UTC */
        updatedAt: string;
       };
      };
     };
    };
   };
  };
 };
 "/v1/projects/{projectName}/regions/{regionId}/sites/{resourceId}": {
  /** Read a site */
  get: {
   parameters: {
    path: {
     /** @description Name of the project */
     projectName: string;
     regionId: string;
     resourceId: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       inheritedMetadata?: {
        key: string;
        value: string;
       }[];
       metadata?: {
        key: string;
        value: string;
       }[];
       name?: string;
       provider?: {
        [key: string]: unknown;
       };
       region?: {
        [key: string]: unknown;
       };
       regionId?: string;
       resourceId: string;
       /** @description Deprecated: the same as resourceId */
       siteID?: string;
       /** @description Degrees north, times 10,000,000 */
       siteLat?: number;
       /** @description Degrees east, times 10,000,000 */
       siteLng?: number;
       timestamps: {
        /** @description RFC 3339, UTC */
        createdAt: string;
        /** @description RFC 3339, UTC */
        updatedAt: string;
       };
      };
     };
    };
   };
  };
  /** Replace a site */
  put: {
   parameters: {
    header?: {
     "if-match"?: string;
    };
    path: {
     /** @description Name of the project */
     projectName: string;
     regionId: string;
     resourceId: string;
    };
   };
   requestBody: {
    content: {
     "application/json": {
      /** @description Read-only; accepted and ignored */
      inheritedMetadata?: unknown;
      metadata?: {
       key: string;
       value: string;
      }[];
      name?: string;
      /** @description Taken by its resourceId, where the id itself is not given */
      provider?: {
       resourceId?: string;
      } & {
       [key: string]: unknown;
      };
      /** @description Taken by its resourceId, where the id itself is not given */
      region?: {
       resourceId?: string;
      } & {
       [key: string]: unknown;
      };
      regionId?: string;
      /** @description Read-only; accepted and ignored */
      resourceId?: unknown;
      /** @description Read-only; accepted and ignored */
      siteID?: unknown;
      /** @description Degrees north, times 10,000,000 */
      siteLat?: number;
      /** @description Degrees east, times 10,000,000 */
      siteLng?: number;
      /** @description Read-only; accepted and ignored */
      timestamps?: unknown;
     };
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       inheritedMetadata?: {
        key: string;
        value: string;
       }[];
       metadata?: {
        key: string;
        value: string;
       }[];
       name?: string;
       provider?: {
        [key: string]: unknown;
       };
       region?: {
        [key: string]: unknown;
       };
       regionId?: string;
       resourceId: string;
       /** @description Deprecated: the same as resourceId */
       siteID?: string;
       /** @description Degrees north, times 10,000,000 */
       siteLat?: number;
       /** @description Degrees east, times 10,000,000 */
       siteLng?: number;
       timestamps: {
        /** @description RFC 3339, UTC */
        createdAt: string;
        /** @description RFC 3339, UTC */
        updatedAt: string;
       };
      };
     };
    };
   };
  };
  /** Delete a site */
  delete: {
   parameters: {
    query?: {
     /** @description Why; it is kept in the audit beside your name */
     reason?: string;
    };
    header?: {
     "if-match"?: string;
    };
    path: {
     /** @description Name of the project */
     projectName: string;
     regionId: string;
     resourceId: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": Record<string, unknown>;
     };
    };
   };
  };
  /** Change members of a site */
  patch: {
   parameters: {
    query?: {
     fieldMask?: string;
    };
    header?: {
     "if-match"?: string;
    };
    path: {
     /** @description Name of the project */
     projectName: string;
     regionId: string;
     resourceId: string;
    };
   };
   requestBody: {
    content: {
     "application/json": {
      /** @description Read-only; accepted and ignored */
      inheritedMetadata?: unknown;
      metadata?: {
       key: string;
       value: string;
      }[];
      name?: string;
      /** @description Taken by its resourceId, where the id itself is not given */
      provider?: {
       resourceId?: string;
      } & {
       [key: string]: unknown;
      };
      /** @description Taken by its resourceId, where the id itself is not given */
      region?: {
       resourceId?: string;
      } & {
       [key: string]: unknown;
      };
      regionId?: string;
      /** @description Read-only; accepted and ignored */
      resourceId?: unknown;
      /** @description Read-only; accepted and ignored */
      siteID?: unknown;
      /** @description Degrees north, times 10,000,000 */
      siteLat?: number;
      /** @description Degrees east, times 10,000,000 */
      siteLng?: number;
      /** @description Read-only; accepted and ignored */
      timestamps?: unknown;
     };
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       inheritedMetadata?: {
        key: string;
        value: string;
       }[];
       metadata?: {
        key: string;
        value: string;
       }[];
       name?: string;
       provider?: {
        [key: string]: unknown;
       };
       region?: {
        [key: string]: unknown;
       };
       regionId?: string;
       resourceId: string;
       /** @description Deprecated: the same as resourceId */
       siteID?: string;
       /** @description Degrees north, times 10,000,000 */
       siteLat?: number;
       /** @description Degrees east, times 10,000,000 */
       siteLng?: number;
       timestamps: {
        /** @description RFC 3339, UTC */
        createdAt: string;
        /** @description RFC 3339, UTC */
        updatedAt: string;
       };
      };
     };
    };
   };
  };
 };
 "/v1/projects/{projectName}/regions/{resourceId}": {
  /** Read a region */
  get: {
   parameters: {
    path: {
     /** @description Name of the project */
     projectName: string;
     resourceId: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       inheritedMetadata?: {
        key: string;
        value: string;
       }[];
       metadata?: {
        key: string;
        value: string;
       }[];
       name?: string;
       parentId?: string;
       parentRegion?: {
        [key: string]: unknown;
       };
       /** @description Deprecated: the same as resourceId */
       regionID?: string;
       resourceId: string;
       timestamps: {
        /** @description RFC 3339, UTC */
        createdAt: string;
        /** @description RFC 3339, UTC */
        updatedAt: string;
       };
       totalSites?: number;
      };
     };
    };
   };
  };
  /** Replace a region */
  put: {
   parameters: {
    header?: {
     "if-match"?: string;
    };
    path: {
     /** @description Name of the project */
     projectName: string;
     resourceId: string;
    };
   };
   requestBody: {
    content: {
     "application/json": {
      /** @description Read-only; accepted and ignored */
      inheritedMetadata?: unknown;
      metadata?: {
       key: string;
       value: string;
      }[];
      name?: string;
      parentId?: string;
      /** @description Taken by its resourceId, where the id itself is not given */
      parentRegion?: {
       resourceId?: string;
      } & {
       [key: string]: unknown;
      };
      /** @description Read-only; accepted and ignored */
      regionID?: unknown;
      /** @description Read-only; accepted and ignored */
      resourceId?: unknown;
      /** @description Read-only; accepted and ignored */
      timestamps?: unknown;
      /** @description Read-only; accepted and ignored */
      totalSites?: unknown;
     };
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       inheritedMetadata?: {
        key: string;
        value: string;
       }[];
       metadata?: {
        key: string;
        value: string;
       }[];
       name?: string;
       parentId?: string;
       parentRegion?: {
        [key: string]: unknown;
       };
       /** @description Deprecated: the same as resourceId */
       regionID?: string;
       resourceId: string;
       timestamps: {
        /** @description RFC 3339, UTC */
        createdAt: string;
        /** @description RFC 3339, UTC */
        updatedAt: string;
       };
       totalSites?: number;
      };
     };
    };
   };
  };
  /** Delete a region */
  delete: {
   parameters: {
    query?: {
     /** @description Why; it is kept in the audit beside your name */
     reason?: string;
    };
    header?: {
     "if-match"?: string;
    };
    path: {
     /** @description Name of the project */
     projectName: string;
     resourceId: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": Record<string, unknown>;
     };
    };
   };
  };
  /** Change members of a region */
  patch: {
   parameters: {
    query?: {
     fieldMask?: string;
    };
    header?: {
     "if-match"?: string;
    };
    path: {
     /** @description Name of the project */
     projectName: string;
     resourceId: string;
    };
   };
   requestBody: {
    content: {
     "application/json": {
      /** @description Read-only; accepted and ignored */
      inheritedMetadata?: unknown;
      metadata?: {
       key: string;
       value: string;
      }[];
      name?: string;
      parentId?: string;
      /** @description Taken by its resourceId, where the id itself is not given */
      parentRegion?: {
       resourceId?: string;
      } & {
       [key: string]: unknown;
      };
      /** @description Read-only; accepted and ignored */
      regionID?: unknown;
      /** @description Read-only; accepted and ignored */
      resourceId?: unknown;
      /** @description Read-only; accepted and ignored */
      timestamps?: unknown;
      /** @description Read-only; accepted and ignored */
      totalSites?: unknown;
     };
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       inheritedMetadata?: {
        key: string;
        value: string;
       }[];
       metadata?: {
        key: string;
        value: string;
       }[];
       name?: string;
       parentId?: string;
       parentRegion?: {
        [key: string]: unknown;
       };
       /** @description Deprecated: the same as resourceId */
       regionID?: string;
       resourceId: string;
       timestamps: {
        /** @description RFC 3339, UTC */
        createdAt: string;
        /** @description RFC 3339, UTC */
        updatedAt: string;
       };
       totalSites?: number;
      };
     };
    };
   };
  };
 };
 "/v1/projects/{projectName}/schedules": {
  /** List single and repeated schedules together, the single ones first */
  get: {
   parameters: {
    query?: {
     /** @description nextCursor of the page before */
     cursor?: string;
     /** @description Those of this host, its site and its regions */
     hostId?: string;
     offset?: number;
     pageSize?: number;
     /** @description Those of this region and those around it */
     regionId?: string;
     /** @description Those of this site and its regions */
     siteId?: string;
     /** @description Those that are open at this time, in Unix seconds */
     unixEpoch?: string;
    };
    path: {
     /** @description Name of the project */
     projectName: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       hasNext: boolean;
       nextCursor?: string;
       repeatedSchedules: {
        /** @description 1 to 31; where days of the week are given too, a day that is either counts */
        cronDayMonth: string;
        /** @description 0 to 6, 0 is Sunday */
        cronDayWeek: string;
        /** @description 0 to 23 */
        cronHours: string;
        /** @description 0 to 59 */
        cronMinutes: string;
        /** @description 1 to 12 */
        cronMonth: string;
        /** @description Seconds */
        durationSeconds: number;
        name?: string;
        /** @description Deprecated: the same as resourceId */
        repeatedScheduleID?: string;
        resourceId: string;
        /** @enum {unknown} */
        scheduleStatus: "SCHEDULE_STATUS_UNSPECIFIED" | "SCHEDULE_STATUS_MAINTENANCE" | "SCHEDULE_STATUS_OS_UPDATE" | "SCHEDULE_STATUS_SHIPPING" | "SCHEDULE_STATUS_FIRMWARE_UPDATE" | "SCHEDULE_STATUS_CLUSTER_UPDATE";
        targetHost?: {
         [key: string]: unknown;
        };
        targetHostId?: string;
        targetRegion?: {
         [key: string]: unknown;
        };
        targetRegionId?: string;
        targetSite?: {
         [key: string]: unknown;
        };
        targetSiteId?: string;
        timestamps: {
         /** @description RFC 3339, UTC */
         createdAt: string;
         /** @description RFC 3339, UTC */
         updatedAt: string;
        };
        /** @description IANA name, such as Europe/Berlin; UTC unless told */
        timezone?: string;
       }[];
       singleSchedules: {
        /** @description Unix seconds */
        endSeconds?: number;
        name?: string;
        resourceId: string;
        /** @enum {unknown} */
        scheduleStatus: "SCHEDULE_STATUS_UNSPECIFIED" | "SCHEDULE_STATUS_MAINTENANCE" | "SCHEDULE_STATUS_OS_UPDATE" | "SCHEDULE_STATUS_SHIPPING" | "SCHEDULE_STATUS_FIRMWARE_UPDATE" | "SCHEDULE_STATUS_CLUSTER_UPDATE";
        /** @description Deprecated: the same as resourceId */
        singleScheduleID?: string;
        /** @description Unix seconds */
        startSeconds: number;
        targetHost?: {
         [key: string]: unknown;
        };
        targetHostId?: string;
        targetRegion?: {
         [key: string]: unknown;
        };
        targetRegionId?: string;
        targetSite?: {
         [key: string]: unknown;
        };
        targetSiteId?: string;
        timestamps: {
         /** @description RFC 3339, UTC */
         createdAt: string;
         /** @description RFC 3339, UTC */
         updatedAt: string;
        };
       }[];
       totalElements: number;
      };
     };
    };
   };
  };
 };
 "/v1/projects/{projectName}/schedules/repeated": {
  /** List repeated schedules */
  get: {
   parameters: {
    query?: {
     /** @description nextCursor of the page before */
     cursor?: string;
     /** @description Such as name = "north" AND has(parentRegion) */
     filter?: string;
     /** @description Those of this host, its site and its regions */
     hostId?: string;
     offset?: number;
     /** @description Such as name asc, createdAt desc */
     orderBy?: string;
     pageSize?: number;
     /** @description Those of this region and those around it */
     regionId?: string;
     /** @description Those of this site and its regions */
     siteId?: string;
     /** @description Those that are open at this time, in Unix seconds */
     unixEpoch?: string;
    };
    path: {
     /** @description Name of the project */
     projectName: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       hasNext: boolean;
       nextCursor?: string;
       repeatedSchedules: {
        /** @description 1 to 31; where days of the week are given too, a day that is either counts */
        cronDayMonth: string;
        /** @description 0 to 6, 0 is Sunday */
        cronDayWeek: string;
        /** @description 0 to 23 */
        cronHours: string;
        /** @description 0 to 59 */
        cronMinutes: string;
        /** @description 1 to 12 */
        cronMonth: string;
        /** @description Seconds */
        durationSeconds: number;
        name?: string;
        /** @description Deprecated: the same as resourceId */
        repeatedScheduleID?: string;
        resourceId: string;
        /** @enum {unknown} */
        scheduleStatus: "SCHEDULE_STATUS_UNSPECIFIED" | "SCHEDULE_STATUS_MAINTENANCE" | "SCHEDULE_STATUS_OS_UPDATE" | "SCHEDULE_STATUS_SHIPPING" | "SCHEDULE_STATUS_FIRMWARE_UPDATE" | "SCHEDULE_STATUS_CLUSTER_UPDATE";
        targetHost?: {
         [key: string]: unknown;
        };
        targetHostId?: string;
        targetRegion?: {
         [key: string]: unknown;
        };
        targetRegionId?: string;
        targetSite?: {
         [key: string]: unknown;
        };
        targetSiteId?: string;
        timestamps: {
         /** @description RFC 3339, UTC */
         createdAt: string;
         /** @description RFC 3339, UTC */
         updatedAt: string;
        };
        /** @description IANA name, such as Europe/Berlin; UTC unless told */
        timezone?: string;
       }[];
       totalElements: number;
      };
     };
    };
   };
  };
  /** Create a repeated schedule */
  post: {
   parameters: {
    path: {
     /** @description Name of the project */
     projectName: string;
    };
   };
   requestBody: {
    content: {
     "application/json": {
      /** @description 1 to 31; where days of the week are given too, a day that is either counts */
      cronDayMonth: string;
      /** @description 0 to 6, 0 is Sunday */
      cronDayWeek: string;
      /** @description 0 to 23 */
      cronHours: string;
      /** @description 0 to 59 */
      cronMinutes: string;
      /** @description 1 to 12 */
      cronMonth: string;
      /** @description Seconds */
      durationSeconds: number;
      name?: string;
      /** @description Read-only; accepted and ignored */
      repeatedScheduleID?: unknown;
      /** @description Read-only; accepted and ignored */
      resourceId?: unknown;
      /** @enum {unknown} */
      scheduleStatus: "SCHEDULE_STATUS_UNSPECIFIED" | "SCHEDULE_STATUS_MAINTENANCE" | "SCHEDULE_STATUS_OS_UPDATE" | "SCHEDULE_STATUS_SHIPPING" | "SCHEDULE_STATUS_FIRMWARE_UPDATE" | "SCHEDULE_STATUS_CLUSTER_UPDATE";
      /** @description Taken by its resourceId, where the id itself is not given */
      targetHost?: {
       resourceId?: string;
      } & {
       [key: string]: unknown;
      };
      targetHostId?: string;
      /** @description Taken by its resourceId, where the id itself is not given */
      targetRegion?: {
       resourceId?: string;
      } & {
       [key: string]: unknown;
      };
      targetRegionId?: string;
      /** @description Taken by its resourceId, where the id itself is not given */
      targetSite?: {
       resourceId?: string;
      } & {
       [key: string]: unknown;
      };
      targetSiteId?: string;
      /** @description Read-only; accepted and ignored */
      timestamps?: unknown;
      /** @description IANA name, such as Europe/Berlin; UTC unless told */
      timezone?: string;
     };
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       /** @description 1 to 31; where days of the week are given too, a day that is either counts */
       cronDayMonth: string;
       /** @description 0 to 6, 0 is Sunday */
       cronDayWeek: string;
       /** @description 0 to 23 */
       cronHours: string;
       /** @description 0 to 59 */
       cronMinutes: string;
       /** @description 1 to 12 */
       cronMonth: string;
       /** @description Seconds */
       durationSeconds: number;
       name?: string;
       /** @description Deprecated: the same as resourceId */
       repeatedScheduleID?: string;
       resourceId: string;
       /** @enum {unknown} */
       scheduleStatus: "SCHEDULE_STATUS_UNSPECIFIED" | "SCHEDULE_STATUS_MAINTENANCE" | "SCHEDULE_STATUS_OS_UPDATE" | "SCHEDULE_STATUS_SHIPPING" | "SCHEDULE_STATUS_FIRMWARE_UPDATE" | "SCHEDULE_STATUS_CLUSTER_UPDATE";
       targetHost?: {
        [key: string]: unknown;
       };
       targetHostId?: string;
       targetRegion?: {
        [key: string]: unknown;
       };
       targetRegionId?: string;
       targetSite?: {
        [key: string]: unknown;
       };
       targetSiteId?: string;
       timestamps: {
        /** @description RFC 3339, UTC */
        createdAt: string;
        /** @description RFC 3339, UTC */
        updatedAt: string;
       };
       /** @description IANA name, such as Europe/Berlin; UTC unless told */
       timezone?: string;
      };
     };
    };
   };
  };
 };
 "/v1/projects/{projectName}/schedules/repeated/{resourceId}": {
  /** Read a repeated schedule */
  get: {
   parameters: {
    path: {
     /** @description Name of the project */
     projectName: string;
     resourceId: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       /** @description 1 to 31; where days of the week are given too, a day that is either counts */
       cronDayMonth: string;
       /** @description 0 to 6, 0 is Sunday */
       cronDayWeek: string;
       /** @description 0 to 23 */
       cronHours: string;
       /** @description 0 to 59 */
       cronMinutes: string;
       /** @description 1 to 12 */
       cronMonth: string;
       /** @description Seconds */
       durationSeconds: number;
       name?: string;
       /** @description Deprecated: the same as resourceId */
       repeatedScheduleID?: string;
       resourceId: string;
       /** @enum {unknown} */
       scheduleStatus: "SCHEDULE_STATUS_UNSPECIFIED" | "SCHEDULE_STATUS_MAINTENANCE" | "SCHEDULE_STATUS_OS_UPDATE" | "SCHEDULE_STATUS_SHIPPING" | "SCHEDULE_STATUS_FIRMWARE_UPDATE" | "SCHEDULE_STATUS_CLUSTER_UPDATE";
       targetHost?: {
        [key: string]: unknown;
       };
       targetHostId?: string;
       targetRegion?: {
        [key: string]: unknown;
       };
       targetRegionId?: string;
       targetSite?: {
        [key: string]: unknown;
       };
       targetSiteId?: string;
       timestamps: {
        /** @description RFC 3339, UTC */
        createdAt: string;
        /** @description RFC 3339, UTC */
        updatedAt: string;
       };
       /** @description IANA name, such as Europe/Berlin; UTC unless told */
       timezone?: string;
      };
     };
    };
   };
  };
  /** Replace a repeated schedule */
  put: {
   parameters: {
    header?: {
     "if-match"?: string;
    };
    path: {
     /** @description Name of the project */
     projectName: string;
     resourceId: string;
    };
   };
   requestBody: {
    content: {
     "application/json": {
      /** @description 1 to 31; where days of the week are given too, a day that is either counts */
      cronDayMonth: string;
      /** @description 0 to 6, 0 is Sunday */
      cronDayWeek: string;
      /** @description 0 to 23 */
      cronHours: string;
      /** @description 0 to 59 */
      cronMinutes: string;
      /** @description 1 to 12 */
      cronMonth: string;
      /** @description Seconds */
      durationSeconds: number;
      name?: string;
      /** @description Read-only; accepted and ignored */
      repeatedScheduleID?: unknown;
      /** @description Read-only; accepted and ignored */
      resourceId?: unknown;
      /** @enum {unknown} */
      scheduleStatus: "SCHEDULE_STATUS_UNSPECIFIED" | "SCHEDULE_STATUS_MAINTENANCE" | "SCHEDULE_STATUS_OS_UPDATE" | "SCHEDULE_STATUS_SHIPPING" | "SCHEDULE_STATUS_FIRMWARE_UPDATE" | "SCHEDULE_STATUS_CLUSTER_UPDATE";
      /** @description Taken by its resourceId, where the id itself is not given */
      targetHost?: {
       resourceId?: string;
      } & {
       [key: string]: unknown;
      };
      targetHostId?: string;
      /** @description Taken by its resourceId, where the id itself is not given */
      targetRegion?: {
       resourceId?: string;
      } & {
       [key: string]: unknown;
      };
      targetRegionId?: string;
      /** @description Taken by its resourceId, where the id itself is not given */
      targetSite?: {
       resourceId?: string;
      } & {
       [key: string]: unknown;
      };
      targetSiteId?: string;
      /** @description Read-only; accepted and ignored */
      timestamps?: unknown;
      /** @description IANA name, such as Europe/Berlin; UTC unless told */
      timezone?: string;
     };
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       /** @description 1 to 31; where days of the week are given too, a day that is either counts */
       cronDayMonth: string;
       /** @description 0 to 6, 0 is Sunday */
       cronDayWeek: string;
       /** @description 0 to 23 */
       cronHours: string;
       /** @description 0 to 59 */
       cronMinutes: string;
       /** @description 1 to 12 */
       cronMonth: string;
       /** @description Seconds */
       durationSeconds: number;
       name?: string;
       /** @description Deprecated: the same as resourceId */
       repeatedScheduleID?: string;
       resourceId: string;
       /** @enum {unknown} */
       scheduleStatus: "SCHEDULE_STATUS_UNSPECIFIED" | "SCHEDULE_STATUS_MAINTENANCE" | "SCHEDULE_STATUS_OS_UPDATE" | "SCHEDULE_STATUS_SHIPPING" | "SCHEDULE_STATUS_FIRMWARE_UPDATE" | "SCHEDULE_STATUS_CLUSTER_UPDATE";
       targetHost?: {
        [key: string]: unknown;
       };
       targetHostId?: string;
       targetRegion?: {
        [key: string]: unknown;
       };
       targetRegionId?: string;
       targetSite?: {
        [key: string]: unknown;
       };
       targetSiteId?: string;
       timestamps: {
        /** @description RFC 3339, UTC */
        createdAt: string;
        /** @description RFC 3339, UTC */
        updatedAt: string;
       };
       /** @description IANA name, such as Europe/Berlin; UTC unless told */
       timezone?: string;
      };
     };
    };
   };
  };
  /** Delete a repeated schedule */
  delete: {
   parameters: {
    query?: {
     /** @description Why; it is kept in the audit beside your name */
     reason?: string;
    };
    header?: {
     "if-match"?: string;
    };
    path: {
     /** @description Name of the project */
     projectName: string;
     resourceId: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": Record<string, unknown>;
     };
    };
   };
  };
  /** Change members of a repeated schedule */
  patch: {
   parameters: {
    query?: {
     fieldMask?: string;
    };
    header?: {
     "if-match"?: string;
    };
    path: {
     /** @description Name of the project */
     projectName: string;
     resourceId: string;
    };
   };
   requestBody: {
    content: {
     "application/json": {
      /** @description 1 to 31; where days of the week are given too, a day that is either counts */
      cronDayMonth?: string;
      /** @description 0 to 6, 0 is Sunday */
      cronDayWeek?: string;
      /** @description 0 to 23 */
      cronHours?: string;
      /** @description 0 to 59 */
      cronMinutes?: string;
      /** @description 1 to 12 */
      cronMonth?: string;
      /** @description Seconds */
      durationSeconds?: number;
      name?: string;
      /** @description Read-only; accepted and ignored */
      repeatedScheduleID?: unknown;
      /** @description Read-only; accepted and ignored */
      resourceId?: unknown;
      /** @enum {unknown} */
      scheduleStatus?: "SCHEDULE_STATUS_UNSPECIFIED" | "SCHEDULE_STATUS_MAINTENANCE" | "SCHEDULE_STATUS_OS_UPDATE" | "SCHEDULE_STATUS_SHIPPING" | "SCHEDULE_STATUS_FIRMWARE_UPDATE" | "SCHEDULE_STATUS_CLUSTER_UPDATE";
      /** @description Taken by its resourceId, where the id itself is not given */
      targetHost?: {
       resourceId?: string;
      } & {
       [key: string]: unknown;
      };
      targetHostId?: string;
      /** @description Taken by its resourceId, where the id itself is not given */
      targetRegion?: {
       resourceId?: string;
      } & {
       [key: string]: unknown;
      };
      targetRegionId?: string;
      /** @description Taken by its resourceId, where the id itself is not given */
      targetSite?: {
       resourceId?: string;
      } & {
       [key: string]: unknown;
      };
      targetSiteId?: string;
      /** @description Read-only; accepted and ignored */
      timestamps?: unknown;
      /** @description IANA name, such as Europe/Berlin; UTC unless told */
      timezone?: string;
     };
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       /** @description 1 to 31; where days of the week are given too, a day that is either counts */
       cronDayMonth: string;
       /** @description 0 to 6, 0 is Sunday */
       cronDayWeek: string;
       /** @description 0 to 23 */
       cronHours: string;
       /** @description 0 to 59 */
       cronMinutes: string;
       /** @description 1 to 12 */
       cronMonth: string;
       /** @description Seconds */
       durationSeconds: number;
       name?: string;
       /** @description Deprecated: the same as resourceId */
       repeatedScheduleID?: string;
       resourceId: string;
       /** @enum {unknown} */
       scheduleStatus: "SCHEDULE_STATUS_UNSPECIFIED" | "SCHEDULE_STATUS_MAINTENANCE" | "SCHEDULE_STATUS_OS_UPDATE" | "SCHEDULE_STATUS_SHIPPING" | "SCHEDULE_STATUS_FIRMWARE_UPDATE" | "SCHEDULE_STATUS_CLUSTER_UPDATE";
       targetHost?: {
        [key: string]: unknown;
       };
       targetHostId?: string;
       targetRegion?: {
        [key: string]: unknown;
       };
       targetRegionId?: string;
       targetSite?: {
        [key: string]: unknown;
       };
       targetSiteId?: string;
       timestamps: {
        /** @description RFC 3339, UTC */
        createdAt: string;
        /** @description RFC 3339, UTC */
        updatedAt: string;
       };
       /** @description IANA name, such as Europe/Berlin; UTC unless told */
       timezone?: string;
      };
     };
    };
   };
  };
 };
 "/v1/projects/{projectName}/schedules/single": {
  /** List single schedules */
  get: {
   parameters: {
    query?: {
     /** @description nextCursor of the page before */
     cursor?: string;
     /** @description Such as name = "north" AND has(parentRegion) */
     filter?: string;
     /** @description Those of this host, its site and its regions */
     hostId?: string;
     offset?: number;
     /** @description Such as name asc, createdAt desc */
     orderBy?: string;
     pageSize?: number;
     /** @description Those of this region and those around it */
     regionId?: string;
     /** @description Those of this site and its regions */
     siteId?: string;
     /** @description Those that are open at this time, in Unix seconds */
     unixEpoch?: string;
    };
    path: {
     /** @description Name of the project */
     projectName: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       hasNext: boolean;
       nextCursor?: string;
       singleSchedules: {
        /** @description Unix seconds */
        endSeconds?: number;
        name?: string;
        resourceId: string;
        /** @enum {unknown} */
        scheduleStatus: "SCHEDULE_STATUS_UNSPECIFIED" | "SCHEDULE_STATUS_MAINTENANCE" | "SCHEDULE_STATUS_OS_UPDATE" | "SCHEDULE_STATUS_SHIPPING" | "SCHEDULE_STATUS_FIRMWARE_UPDATE" | "SCHEDULE_STATUS_CLUSTER_UPDATE";
        /** @description Deprecated: the same as resourceId */
        singleScheduleID?: string;
        /** @description Unix seconds */
        startSeconds: number;
        targetHost?: {
         [key: string]: unknown;
        };
        targetHostId?: string;
        targetRegion?: {
         [key: string]: unknown;
        };
        targetRegionId?: string;
        targetSite?: {
         [key: string]: unknown;
        };
        targetSiteId?: string;
        timestamps: {
         /** @description RFC 3339, UTC */
         createdAt: string;
         /** @description RFC 3339, UTC */
         updatedAt: string;
        };
       }[];
       totalElements: number;
      };
     };
    };
   };
  };
  /** Create a single schedule */
  post: {
   parameters: {
    path: {
     /** @description Name of the project */
     projectName: string;
    };
   };
   requestBody: {
    content: {
     "application/json": {
      /** @description Unix seconds */
      endSeconds?: number;
      name?: string;
      /** @description Read-only; accepted and ignored */
      resourceId?: unknown;
      /** @enum {unknown} */
      scheduleStatus: "SCHEDULE_STATUS_UNSPECIFIED" | "SCHEDULE_STATUS_MAINTENANCE" | "SCHEDULE_STATUS_OS_UPDATE" | "SCHEDULE_STATUS_SHIPPING" | "SCHEDULE_STATUS_FIRMWARE_UPDATE" | "SCHEDULE_STATUS_CLUSTER_UPDATE";
      /** @description Read-only; accepted and ignored */
      singleScheduleID?: unknown;
      /** @description Unix seconds */
      startSeconds: number;
      /** @description Taken by its resourceId, where the id itself is not given */
      targetHost?: {
       resourceId?: string;
      } & {
       [key: string]: unknown;
      };
      targetHostId?: string;
      /** @description Taken by its resourceId, where the id itself is not given */
      targetRegion?: {
       resourceId?: string;
      } & {
       [key: string]: unknown;
      };
      targetRegionId?: string;
      /** @description Taken by its resourceId, where the id itself is not given */
      targetSite?: {
       resourceId?: string;
      } & {
       [key: string]: unknown;
      };
      targetSiteId?: string;
      /** @description Read-only; accepted and ignored */
      timestamps?: unknown;
     };
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       /** @description Unix seconds */
       endSeconds?: number;
       name?: string;
       resourceId: string;
       /** @enum {unknown} */
       scheduleStatus: "SCHEDULE_STATUS_UNSPECIFIED" | "SCHEDULE_STATUS_MAINTENANCE" | "SCHEDULE_STATUS_OS_UPDATE" | "SCHEDULE_STATUS_SHIPPING" | "SCHEDULE_STATUS_FIRMWARE_UPDATE" | "SCHEDULE_STATUS_CLUSTER_UPDATE";
       /** @description Deprecated: the same as resourceId */
       singleScheduleID?: string;
       /** @description Unix seconds */
       startSeconds: number;
       targetHost?: {
        [key: string]: unknown;
       };
       targetHostId?: string;
       targetRegion?: {
        [key: string]: unknown;
       };
       targetRegionId?: string;
       targetSite?: {
        [key: string]: unknown;
       };
       targetSiteId?: string;
       timestamps: {
        /** @description RFC 3339, UTC */
        createdAt: string;
        /** @description RFC 3339, UTC */
        updatedAt: string;
       };
      };
     };
    };
   };
  };
 };
 "/v1/projects/{projectName}/schedules/single/{resourceId}": {
  /** Read a single schedule */
  get: {
   parameters: {
    path: {
     /** @description Name of the project */
     projectName: string;
     resourceId: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       /** @description Unix seconds */
       endSeconds?: number;
       name?: string;
       resourceId: string;
       /** @enum {unknown} */
       scheduleStatus: "SCHEDULE_STATUS_UNSPECIFIED" | "SCHEDULE_STATUS_MAINTENANCE" | "SCHEDULE_STATUS_OS_UPDATE" | "SCHEDULE_STATUS_SHIPPING" | "SCHEDULE_STATUS_FIRMWARE_UPDATE" | "SCHEDULE_STATUS_CLUSTER_UPDATE";
       /** @description Deprecated: the same as resourceId */
       singleScheduleID?: string;
       /** @description Unix seconds */
       startSeconds: number;
       targetHost?: {
        [key: string]: unknown;
       };
       targetHostId?: string;
       targetRegion?: {
        [key: string]: unknown;
       };
       targetRegionId?: string;
       targetSite?: {
        [key: string]: unknown;
       };
       targetSiteId?: string;
       timestamps: {
        /** @description RFC 3339, UTC */
        createdAt: string;
        /** @description RFC 3339, UTC */
        updatedAt: string;
       };
      };
     };
    };
   };
  };
  /** Replace a single schedule */
  put: {
   parameters: {
    header?: {
     "if-match"?: string;
    };
    path: {
     /** @description Name of the project */
     projectName: string;
     resourceId: string;
    };
   };
   requestBody: {
    content: {
     "application/json": {
      /** @description Unix seconds */
      endSeconds?: number;
      name?: string;
      /** @description Read-only; accepted and ignored */
      resourceId?: unknown;
      /** @enum {unknown} */
      scheduleStatus: "SCHEDULE_STATUS_UNSPECIFIED" | "SCHEDULE_STATUS_MAINTENANCE" | "SCHEDULE_STATUS_OS_UPDATE" | "SCHEDULE_STATUS_SHIPPING" | "SCHEDULE_STATUS_FIRMWARE_UPDATE" | "SCHEDULE_STATUS_CLUSTER_UPDATE";
      /** @description Read-only; accepted and ignored */
      singleScheduleID?: unknown;
      /** @description Unix seconds */
      startSeconds: number;
      /** @description Taken by its resourceId, where the id itself is not given */
      targetHost?: {
       resourceId?: string;
      } & {
       [key: string]: unknown;
      };
      targetHostId?: string;
      /** @description Taken by its resourceId, where the id itself is not given */
      targetRegion?: {
       resourceId?: string;
      } & {
       [key: string]: unknown;
      };
      targetRegionId?: string;
      /** @description Taken by its resourceId, where the id itself is not given */
      targetSite?: {
       resourceId?: string;
      } & {
       [key: string]: unknown;
      };
      targetSiteId?: string;
      /** @description Read-only; accepted and ignored */
      timestamps?: unknown;
     };
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       /** @description Unix seconds */
       endSeconds?: number;
       name?: string;
       resourceId: string;
       /** @enum {unknown} */
       scheduleStatus: "SCHEDULE_STATUS_UNSPECIFIED" | "SCHEDULE_STATUS_MAINTENANCE" | "SCHEDULE_STATUS_OS_UPDATE" | "SCHEDULE_STATUS_SHIPPING" | "SCHEDULE_STATUS_FIRMWARE_UPDATE" | "SCHEDULE_STATUS_CLUSTER_UPDATE";
       /** @description Deprecated: the same as resourceId */
       singleScheduleID?: string;
       /** @description Unix seconds */
       startSeconds: number;
       targetHost?: {
        [key: string]: unknown;
       };
       targetHostId?: string;
       targetRegion?: {
        [key: string]: unknown;
       };
       targetRegionId?: string;
       targetSite?: {
        [key: string]: unknown;
       };
       targetSiteId?: string;
       timestamps: {
        /** @description RFC 3339, UTC */
        createdAt: string;
        /** @description RFC 3339, UTC */
        updatedAt: string;
       };
      };
     };
    };
   };
  };
  /** Delete a single schedule */
  delete: {
   parameters: {
    query?: {
     /** @description Why; it is kept in the audit beside your name */
     reason?: string;
    };
    header?: {
     "if-match"?: string;
    };
    path: {
     /** @description Name of the project */
     projectName: string;
     resourceId: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": Record<string, unknown>;
     };
    };
   };
  };
  /** Change members of a single schedule */
  patch: {
   parameters: {
    query?: {
     fieldMask?: string;
    };
    header?: {
     "if-match"?: string;
    };
    path: {
     /** @description Name of the project */
     projectName: string;
     resourceId: string;
    };
   };
   requestBody: {
    content: {
     "application/json": {
      /** @description Unix seconds */
      endSeconds?: number;
      name?: string;
      /** @description Read-only; accepted and ignored */
      resourceId?: unknown;
      /** @enum {unknown} */
      scheduleStatus?: "SCHEDULE_STATUS_UNSPECIFIED" | "SCHEDULE_STATUS_MAINTENANCE" | "SCHEDULE_STATUS_OS_UPDATE" | "SCHEDULE_STATUS_SHIPPING" | "SCHEDULE_STATUS_FIRMWARE_UPDATE" | "SCHEDULE_STATUS_CLUSTER_UPDATE";
      /** @description Read-only; accepted and ignored */
      singleScheduleID?: unknown;
      /** @description Unix seconds */
      startSeconds?: number;
      /** @description Taken by its resourceId, where the id itself is not given */
      targetHost?: {
       resourceId?: string;
      } & {
       [key: string]: unknown;
      };
      targetHostId?: string;
      /** @description Taken by its resourceId, where the id itself is not given */
      targetRegion?: {
       resourceId?: string;
      } & {
       [key: string]: unknown;
      };
      targetRegionId?: string;
      /** @description Taken by its resourceId, where the id itself is not given */
      targetSite?: {
       resourceId?: string;
      } & {
       [key: string]: unknown;
      };
      targetSiteId?: string;
      /** @description Read-only; accepted and ignored */
      timestamps?: unknown;
     };
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       /** @description Unix seconds */
       endSeconds?: number;
       name?: string;
       resourceId: string;
       /** @enum {unknown} */
       scheduleStatus: "SCHEDULE_STATUS_UNSPECIFIED" | "SCHEDULE_STATUS_MAINTENANCE" | "SCHEDULE_STATUS_OS_UPDATE" | "SCHEDULE_STATUS_SHIPPING" | "SCHEDULE_STATUS_FIRMWARE_UPDATE" | "SCHEDULE_STATUS_CLUSTER_UPDATE";
       /** @description Deprecated: the same as resourceId */
       singleScheduleID?: string;
       /** @description Unix seconds */
       startSeconds: number;
       targetHost?: {
        [key: string]: unknown;
       };
       targetHostId?: string;
       targetRegion?: {
        [key: string]: unknown;
       };
       targetRegionId?: string;
       targetSite?: {
        [key: string]: unknown;
       };
       targetSiteId?: string;
       timestamps: {
        /** @description RFC 3339, UTC */
        createdAt: string;
        /** @description RFC 3339, UTC */
        updatedAt: string;
       };
      };
     };
    };
   };
  };
 };
 "/v1/projects/{projectName}/sites": {
  /** List sites */
  get: {
   parameters: {
    query?: {
     /** @description nextCursor of the page before */
     cursor?: string;
     /** @description Such as name = "north" AND has(parentRegion) */
     filter?: string;
     offset?: number;
     /** @description Such as name asc, createdAt desc */
     orderBy?: string;
     pageSize?: number;
     regionId?: string;
    };
    path: {
     /** @description Name of the project */
     projectName: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       hasNext: boolean;
       nextCursor?: string;
       sites: {
        inheritedMetadata?: {
         key: string;
         value: string;
        }[];
        metadata?: {
         key: string;
         value: string;
        }[];
        name?: string;
        provider?: {
         [key: string]: unknown;
        };
        region?: {
         [key: string]: unknown;
        };
        regionId?: string;
        resourceId: string;
        /** @description Deprecated: the same as resourceId */
        siteID?: string;
        /** @description Degrees north, times 10,000,000 */
        siteLat?: number;
        /** @description Degrees east, times 10,000,000 */
        siteLng?: number;
        timestamps: {
         /** @description RFC 3339, UTC */
         createdAt: string;
         /** @description RFC 3339, UTC */
         updatedAt: string;
        };
       }[];
       totalElements: number;
      };
     };
    };
   };
  };
  /** Create a site */
  post: {
   parameters: {
    query?: {
     regionId?: string;
    };
    path: {
     /** @description Name of the project */
     projectName: string;
    };
   };
   requestBody: {
    content: {
     "application/json": {
      /** @description Read-only; accepted and ignored */
      inheritedMetadata?: unknown;
      metadata?: {
       key: string;
       value: string;
      }[];
      name?: string;
      /** @description Taken by its resourceId, where the id itself is not given */
      provider?: {
       resourceId?: string;
      } & {
       [key: string]: unknown;
      };
      /** @description Taken by its resourceId, where the id itself is not given */
      region?: {
       resourceId?: string;
      } & {
       [key: string]: unknown;
      };
      regionId?: string;
      /** @description Read-only; accepted and ignored */
      resourceId?: unknown;
      /** @description Read-only; accepted and ignored */
      siteID?: unknown;
      /** @description Degrees north, times 10,000,000 */
      siteLat?: number;
      /** @description Degrees east, times 10,000,000 */
      siteLng?: number;
      /** @description Read-only; accepted and ignored */
      timestamps?: unknown;
     };
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       inheritedMetadata?: {
        key: string;
        value: string;
       }[];
       metadata?: {
        key: string;
        value: string;
       }[];
       name?: string;
       provider?: {
        [key: string]: unknown;
       };
       region?: {
        [key: string]: unknown;
       };
       regionId?: string;
       resourceId: string;
       /** @description Deprecated: the same as resourceId */
       siteID?: string;
       /** @description Degrees north, times 10,000,000 */
       siteLat?: number;
       /** @description Degrees east, times 10,000,000 */
       siteLng?: number;
       timestamps: {
        /** @description RFC 3339, UTC */
        createdAt: string;
        /** @description RFC 3339, UTC */
        updatedAt: string;
       };
      };
     };
    };
   };
  };
 };
 "/v1/projects/{projectName}/sites/{resourceId}": {
  /** Read a site */
  get: {
   parameters: {
    query?: {
     regionId?: string;
    };
    path: {
     /** @description Name of the project */
     projectName: string;
     resourceId: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       inheritedMetadata?: {
        key: string;
        value: string;
       }[];
       metadata?: {
        key: string;
        value: string;
       }[];
       name?: string;
       provider?: {
        [key: string]: unknown;
       };
       region?: {
        [key: string]: unknown;
       };
       regionId?: string;
       resourceId: string;
       /** @description Deprecated: the same as resourceId */
       siteID?: string;
       /** @description Degrees north, times 10,000,000 */
       siteLat?: number;
       /** @description Degrees east, times 10,000,000 */
       siteLng?: number;
       timestamps: {
        /** @description RFC 3339, UTC */
        createdAt: string;
        /** @description RFC 3339, UTC */
        updatedAt: string;
       };
      };
     };
    };
   };
  };
  /** Replace a site */
  put: {
   parameters: {
    query?: {
     regionId?: string;
    };
    header?: {
     "if-match"?: string;
    };
    path: {
     /** @description Name of the project */
     projectName: string;
     resourceId: string;
    };
   };
   requestBody: {
    content: {
     "application/json": {
      /** @description Read-only; accepted and ignored */
      inheritedMetadata?: unknown;
      metadata?: {
       key: string;
       value: string;
      }[];
      name?: string;
      /** @description Taken by its resourceId, where the id itself is not given */
      provider?: {
       resourceId?: string;
      } & {
       [key: string]: unknown;
      };
      /** @description Taken by its resourceId, where the id itself is not given */
      region?: {
       resourceId?: string;
      } & {
       [key: string]: unknown;
      };
      regionId?: string;
      /** @description Read-only; accepted and ignored */
      resourceId?: unknown;
      /** @description Read-only; accepted and ignored */
      siteID?: unknown;
      /** @description Degrees north, times 10,000,000 */
      siteLat?: number;
      /** @description Degrees east, times 10,000,000 */
      siteLng?: number;
      /** @description Read-only; accepted and ignored */
      timestamps?: unknown;
     };
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       inheritedMetadata?: {
        key: string;
        value: string;
       }[];
       metadata?: {
        key: string;
        value: string;
       }[];
       name?: string;
       provider?: {
        [key: string]: unknown;
       };
       region?: {
        [key: string]: unknown;
       };
       regionId?: string;
       resourceId: string;
       /** @description Deprecated: the same as resourceId */
       siteID?: string;
       /** @description Degrees north, times 10,000,000 */
       siteLat?: number;
       /** @description Degrees east, times 10,000,000 */
       siteLng?: number;
       timestamps: {
        /** @description RFC 3339, UTC */
        createdAt: string;
        /** @description RFC 3339, UTC */
        updatedAt: string;
       };
      };
     };
    };
   };
  };
  /** Delete a site */
  delete: {
   parameters: {
    query?: {
     /** @description Why; it is kept in the audit beside your name */
     reason?: string;
     regionId?: string;
    };
    header?: {
     "if-match"?: string;
    };
    path: {
     /** @description Name of the project */
     projectName: string;
     resourceId: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": Record<string, unknown>;
     };
    };
   };
  };
  /** Change members of a site */
  patch: {
   parameters: {
    query?: {
     fieldMask?: string;
     regionId?: string;
    };
    header?: {
     "if-match"?: string;
    };
    path: {
     /** @description Name of the project */
     projectName: string;
     resourceId: string;
    };
   };
   requestBody: {
    content: {
     "application/json": {
      /** @description Read-only; accepted and ignored */
      inheritedMetadata?: unknown;
      metadata?: {
       key: string;
       value: string;
      }[];
      name?: string;
      /** @description Taken by its resourceId, where the id itself is not given */
      provider?: {
       resourceId?: string;
      } & {
       [key: string]: unknown;
      };
      /** @description Taken by its resourceId, where the id itself is not given */
      region?: {
       resourceId?: string;
      } & {
       [key: string]: unknown;
      };
      regionId?: string;
      /** @description Read-only; accepted and ignored */
      resourceId?: unknown;
      /** @description Read-only; accepted and ignored */
      siteID?: unknown;
      /** @description Degrees north, times 10,000,000 */
      siteLat?: number;
      /** @description Degrees east, times 10,000,000 */
      siteLng?: number;
      /** @description Read-only; accepted and ignored */
      timestamps?: unknown;
     };
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       inheritedMetadata?: {
        key: string;
        value: string;
       }[];
       metadata?: {
        key: string;
        value: string;
       }[];
       name?: string;
       provider?: {
        [key: string]: unknown;
       };
       region?: {
        [key: string]: unknown;
       };
       regionId?: string;
       resourceId: string;
       /** @description Deprecated: the same as resourceId */
       siteID?: string;
       /** @description Degrees north, times 10,000,000 */
       siteLat?: number;
       /** @description Degrees east, times 10,000,000 */
       siteLng?: number;
       timestamps: {
        /** @description RFC 3339, UTC */
        createdAt: string;
        /** @description RFC 3339, UTC */
        updatedAt: string;
       };
      };
     };
    };
   };
  };
 };
 "/v1/projects/{projectName}/telemetry/loggroups": {
  /** List telemetry logs groups */
  get: {
   parameters: {
    query?: {
     /** @description nextCursor of the page before */
     cursor?: string;
     /** @description Such as name = "north" AND has(parentRegion) */
     filter?: string;
     offset?: number;
     /** @description Such as name asc, createdAt desc */
     orderBy?: string;
     pageSize?: number;
    };
    path: {
     /** @description Name of the project */
     projectName: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       hasNext: boolean;
       nextCursor?: string;
       telemetryLogsGroups: {
        /** @enum {unknown} */
        collectorKind: "TELEMETRY_COLLECTOR_KIND_UNSPECIFIED" | "TELEMETRY_COLLECTOR_KIND_HOST" | "TELEMETRY_COLLECTOR_KIND_CLUSTER";
        groups: string[];
        name: string;
        resourceId: string;
        /** @description Deprecated: the same as resourceId */
        telemetryLogsGroupId?: string;
        timestamps: {
         /** @description RFC 3339, UTC */
         createdAt: string;
         /** @description RFC 3339, UTC */
         updatedAt: string;
        };
       }[];
       totalElements: number;
      };
     };
    };
   };
  };
  /** Create a telemetry logs group */
  post: {
   parameters: {
    path: {
     /** @description Name of the project */
     projectName: string;
    };
   };
   requestBody: {
    content: {
     "application/json": {
      /** @enum {unknown} */
      collectorKind: "TELEMETRY_COLLECTOR_KIND_UNSPECIFIED" | "TELEMETRY_COLLECTOR_KIND_HOST" | "TELEMETRY_COLLECTOR_KIND_CLUSTER";
      groups: string[];
      name: string;
      /** @description Read-only; accepted and ignored */
      resourceId?: unknown;
      /** @description Read-only; accepted and ignored */
      telemetryLogsGroupId?: unknown;
      /** @description Read-only; accepted and ignored */
      timestamps?: unknown;
     };
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       /** @enum {unknown} */
       collectorKind: "TELEMETRY_COLLECTOR_KIND_UNSPECIFIED" | "TELEMETRY_COLLECTOR_KIND_HOST" | "TELEMETRY_COLLECTOR_KIND_CLUSTER";
       groups: string[];
       name: string;
       resourceId: string;
       /** @description Deprecated: the same as resourceId */
       telemetryLogsGroupId?: string;
       timestamps: {
        /** @description RFC 3339, UTC */
        createdAt: string;
        /** @description RFC 3339, UTC */
        updatedAt: string;
       };
      };
     };
    };
   };
  };
 };
 "/v1/projects/{projectName}/telemetry/loggroups/{resourceId}": {
  /** Read a telemetry logs group */
  get: {
   parameters: {
    path: {
     /** @description Name of the project */
     projectName: string;
     resourceId: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       /** @enum {unknown} */
       collectorKind: "TELEMETRY_COLLECTOR_KIND_UNSPECIFIED" | "TELEMETRY_COLLECTOR_KIND_HOST" | "TELEMETRY_COLLECTOR_KIND_CLUSTER";
       groups: string[];
       name: string;
       resourceId: string;
       /** @description Deprecated: the same as resourceId */
       telemetryLogsGroupId?: string;
       timestamps: {
        /** @description RFC 3339, UTC */
        createdAt: string;
        /** @description RFC 3339, UTC */
        updatedAt: string;
       };
      };
     };
    };
   };
  };
  /** Delete a telemetry logs group */
  delete: {
   parameters: {
    query?: {
     /** @description Why; it is kept in the audit beside your name */
     reason?: string;
    };
    header?: {
     "if-match"?: string;
    };
    path: {
     /** @description Name of the project */
     projectName: string;
     resourceId: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": Record<string, unknown>;
     };
    };
   };
  };
 };
 "/v1/projects/{projectName}/telemetry/metricgroups": {
  /** List telemetry metrics groups */
  get: {
   parameters: {
    query?: {
     /** @description nextCursor of the page before */
     cursor?: string;
     /** @description Such as name = "north" AND has(parentRegion) */
     filter?: string;
     offset?: number;
     /** @description Such as name asc, createdAt desc */
     orderBy?: string;
     pageSize?: number;
    };
    path: {
     /** @description Name of the project */
     projectName: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       hasNext: boolean;
       nextCursor?: string;
       telemetryMetricsGroups: {
        /** @enum {unknown} */
        collectorKind: "TELEMETRY_COLLECTOR_KIND_UNSPECIFIED" | "TELEMETRY_COLLECTOR_KIND_HOST" | "TELEMETRY_COLLECTOR_KIND_CLUSTER";
        groups: string[];
        name: string;
        resourceId: string;
        /** @description Deprecated: the same as resourceId */
        telemetryMetricsGroupId?: string;
        timestamps: {
         /** @description RFC 3339, UTC */
         createdAt: string;
         /** @description RFC 3339, UTC */
         updatedAt: string;
        };
       }[];
       totalElements: number;
      };
     };
    };
   };
  };
  /** Create a telemetry metrics group */
  post: {
   parameters: {
    path: {
     /** @description Name of the project */
     projectName: string;
    };
   };
   requestBody: {
    content: {
     "application/json": {
      /** @enum {unknown} */
      collectorKind: "TELEMETRY_COLLECTOR_KIND_UNSPECIFIED" | "TELEMETRY_COLLECTOR_KIND_HOST" | "TELEMETRY_COLLECTOR_KIND_CLUSTER";
      groups: string[];
      name: string;
      /** @description Read-only; accepted and ignored */
      resourceId?: unknown;
      /** @description Read-only; accepted and ignored */
      telemetryMetricsGroupId?: unknown;
      /** @description Read-only; accepted and ignored */
      timestamps?: unknown;
     };
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       /** @enum {unknown} */
       collectorKind: "TELEMETRY_COLLECTOR_KIND_UNSPECIFIED" | "TELEMETRY_COLLECTOR_KIND_HOST" | "TELEMETRY_COLLECTOR_KIND_CLUSTER";
       groups: string[];
       name: string;
       resourceId: string;
       /** @description Deprecated: the same as resourceId */
       telemetryMetricsGroupId?: string;
       timestamps: {
        /** @description RFC 3339, UTC */
        createdAt: string;
        /** @description RFC 3339, UTC */
        updatedAt: string;
       };
      };
     };
    };
   };
  };
 };
 "/v1/projects/{projectName}/telemetry/metricgroups/{resourceId}": {
  /** Read a telemetry metrics group */
  get: {
   parameters: {
    path: {
     /** @description Name of the project */
     projectName: string;
     resourceId: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       /** @enum {unknown} */
       collectorKind: "TELEMETRY_COLLECTOR_KIND_UNSPECIFIED" | "TELEMETRY_COLLECTOR_KIND_HOST" | "TELEMETRY_COLLECTOR_KIND_CLUSTER";
       groups: string[];
       name: string;
       resourceId: string;
       /** @description Deprecated: the same as resourceId */
       telemetryMetricsGroupId?: string;
       timestamps: {
        /** @description RFC 3339, UTC */
        createdAt: string;
        /** @description RFC 3339, UTC */
        updatedAt: string;
       };
      };
     };
    };
   };
  };
  /** Delete a telemetry metrics group */
  delete: {
   parameters: {
    query?: {
     /** @description Why; it is kept in the audit beside your name */
     reason?: string;
    };
    header?: {
     "if-match"?: string;
    };
    path: {
     /** @description Name of the project */
     projectName: string;
     resourceId: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": Record<string, unknown>;
     };
    };
   };
  };
 };
 "/v1/projects/{projectName}/telemetry/profiles/logs": {
  /** List telemetry logs profiles */
  get: {
   parameters: {
    query?: {
     /** @description nextCursor of the page before */
     cursor?: string;
     /** @description Such as name = "north" AND has(parentRegion) */
     filter?: string;
     instanceId?: string;
     offset?: number;
     /** @description Such as name asc, createdAt desc */
     orderBy?: string;
     pageSize?: number;
     regionId?: string;
     /** @description Those of the places around it too */
     showInherited?: boolean;
     siteId?: string;
    };
    path: {
     /** @description Name of the project */
     projectName: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       hasNext: boolean;
       nextCursor?: string;
       telemetryLogsProfiles: {
        /** @enum {unknown} */
        logLevel: "SEVERITY_LEVEL_UNSPECIFIED" | "SEVERITY_LEVEL_CRITICAL" | "SEVERITY_LEVEL_ERROR" | "SEVERITY_LEVEL_WARN" | "SEVERITY_LEVEL_INFO" | "SEVERITY_LEVEL_DEBUG";
        logsGroup?: {
         [key: string]: unknown;
        };
        logsGroupId?: string;
        /** @description Deprecated: the same as resourceId */
        profileId?: string;
        resourceId: string;
        targetInstance?: string;
        targetRegion?: string;
        targetSite?: string;
        timestamps: {
         /** @description RFC 3339, UTC */
         createdAt: string;
         /** @description RFC 3339, UTC */
         updatedAt: string;
        };
       }[];
       totalElements: number;
      };
     };
    };
   };
  };
  /** Create a telemetry logs profile */
  post: {
   parameters: {
    path: {
     /** @description Name of the project */
     projectName: string;
    };
   };
   requestBody: {
    content: {
     "application/json": {
      /** @enum {unknown} */
      logLevel: "SEVERITY_LEVEL_UNSPECIFIED" | "SEVERITY_LEVEL_CRITICAL" | "SEVERITY_LEVEL_ERROR" | "SEVERITY_LEVEL_WARN" | "SEVERITY_LEVEL_INFO" | "SEVERITY_LEVEL_DEBUG";
      /** @description Taken by its resourceId, where the id itself is not given */
      logsGroup?: {
       resourceId?: string;
      } & {
       [key: string]: unknown;
      };
      logsGroupId?: string;
      /** @description Read-only; accepted and ignored */
      profileId?: unknown;
      /** @description Read-only; accepted and ignored */
      resourceId?: unknown;
      targetInstance?: string;
      targetRegion?: string;
      targetSite?: string;
      /** @description Read-only; accepted and ignored */
      timestamps?: unknown;
     };
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       /** @enum {unknown} */
       logLevel: "SEVERITY_LEVEL_UNSPECIFIED" | "SEVERITY_LEVEL_CRITICAL" | "SEVERITY_LEVEL_ERROR" | "SEVERITY_LEVEL_WARN" | "SEVERITY_LEVEL_INFO" | "SEVERITY_LEVEL_DEBUG";
       logsGroup?: {
        [key: string]: unknown;
       };
       logsGroupId?: string;
       /** @description Deprecated: the same as resourceId */
       profileId?: string;
       resourceId: string;
       targetInstance?: string;
       targetRegion?: string;
       targetSite?: string;
       timestamps: {
        /** @description RFC 3339, UTC */
        createdAt: string;
        /** @description RFC 3339, UTC */
        updatedAt: string;
       };
      };
     };
    };
   };
  };
 };
 "/v1/projects/{projectName}/telemetry/profiles/logs/{resourceId}": {
  /** Read a telemetry logs profile */
  get: {
   parameters: {
    path: {
     /** @description Name of the project */
     projectName: string;
     resourceId: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       /** @enum {unknown} */
       logLevel: "SEVERITY_LEVEL_UNSPECIFIED" | "SEVERITY_LEVEL_CRITICAL" | "SEVERITY_LEVEL_ERROR" | "SEVERITY_LEVEL_WARN" | "SEVERITY_LEVEL_INFO" | "SEVERITY_LEVEL_DEBUG";
       logsGroup?: {
        [key: string]: unknown;
       };
       logsGroupId?: string;
       /** @description Deprecated: the same as resourceId */
       profileId?: string;
       resourceId: string;
       targetInstance?: string;
       targetRegion?: string;
       targetSite?: string;
       timestamps: {
        /** @description RFC 3339, UTC */
        createdAt: string;
        /** @description RFC 3339, UTC */
        updatedAt: string;
       };
      };
     };
    };
   };
  };
  /** Replace a telemetry logs profile */
  put: {
   parameters: {
    header?: {
     "if-match"?: string;
    };
    path: {
     /** @description Name of the project */
     projectName: string;
     resourceId: string;
    };
   };
   requestBody: {
    content: {
     "application/json": {
      /** @enum {unknown} */
      logLevel: "SEVERITY_LEVEL_UNSPECIFIED" | "SEVERITY_LEVEL_CRITICAL" | "SEVERITY_LEVEL_ERROR" | "SEVERITY_LEVEL_WARN" | "SEVERITY_LEVEL_INFO" | "SEVERITY_LEVEL_DEBUG";
      /** @description Taken by its resourceId, where the id itself is not given */
      logsGroup?: {
       resourceId?: string;
      } & {
       [key: string]: unknown;
      };
      logsGroupId?: string;
      /** @description Read-only; accepted and ignored */
      profileId?: unknown;
      /** @description Read-only; accepted and ignored */
      resourceId?: unknown;
      targetInstance?: string;
      targetRegion?: string;
      targetSite?: string;
      /** @description Read-only; accepted and ignored */
      timestamps?: unknown;
     };
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       /** @enum {unknown} */
       logLevel: "SEVERITY_LEVEL_UNSPECIFIED" | "SEVERITY_LEVEL_CRITICAL" | "SEVERITY_LEVEL_ERROR" | "SEVERITY_LEVEL_WARN" | "SEVERITY_LEVEL_INFO" | "SEVERITY_LEVEL_DEBUG";
       logsGroup?: {
        [key: string]: unknown;
       };
       logsGroupId?: string;
       /** @description Deprecated: the same as resourceId */
       profileId?: string;
       resourceId: string;
       targetInstance?: string;
       targetRegion?: string;
       targetSite?: string;
       timestamps: {
        /** @description RFC 3339, UTC */
        createdAt: string;
        /** @description RFC 3339, UTC */
        updatedAt: string;
       };
      };
     };
    };
   };
  };
  /** Delete a telemetry logs profile */
  delete: {
   parameters: {
    query?: {
     /** @description Why; it is kept in the audit beside your name */
     reason?: string;
    };
    header?: {
     "if-match"?: string;
    };
    path: {
     /** @description Name of the project */
     projectName: string;
     resourceId: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": Record<string, unknown>;
     };
    };
   };
  };
  /** Change members of a telemetry logs profile */
  patch: {
   parameters: {
    query?: {
     fieldMask?: string;
    };
    header?: {
     "if-match"?: string;
    };
    path: {
     /** @description Name of the project */
     projectName: string;
     resourceId: string;
    };
   };
   requestBody: {
    content: {
     "application/json": {
      /** @enum {unknown} */
      logLevel?: "SEVERITY_LEVEL_UNSPECIFIED" | "SEVERITY_LEVEL_CRITICAL" | "SEVERITY_LEVEL_ERROR" | "SEVERITY_LEVEL_WARN" | "SEVERITY_LEVEL_INFO" | "SEVERITY_LEVEL_DEBUG";
      /** @description Taken by its resourceId, where the id itself is not given */
      logsGroup?: {
       resourceId?: string;
      } & {
       [key: string]: unknown;
      };
      logsGroupId?: string;
      /** @description Read-only; accepted and ignored */
      profileId?: unknown;
      /** @description Read-only; accepted and ignored */
      resourceId?: unknown;
      targetInstance?: string;
      targetRegion?: string;
      targetSite?: string;
      /** @description Read-only; accepted and ignored */
      timestamps?: unknown;
     };
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       /** @enum {unknown} */
       logLevel: "SEVERITY_LEVEL_UNSPECIFIED" | "SEVERITY_LEVEL_CRITICAL" | "SEVERITY_LEVEL_ERROR" | "SEVERITY_LEVEL_WARN" | "SEVERITY_LEVEL_INFO" | "SEVERITY_LEVEL_DEBUG";
       logsGroup?: {
        [key: string]: unknown;
       };
       logsGroupId?: string;
       /** @description Deprecated: the same as resourceId */
       profileId?: string;
       resourceId: string;
       targetInstance?: string;
       targetRegion?: string;
       targetSite?: string;
       timestamps: {
        /** @description RFC 3339, UTC */
        createdAt: string;
        /** @description RFC 3339, UTC */
        updatedAt: string;
       };
      };
     };
    };
   };
  };
 };
 "/v1/projects/{projectName}/telemetry/profiles/metrics": {
  /** List telemetry metrics profiles */
  get: {
   parameters: {
    query?: {
     /** @description nextCursor of the page before */
     cursor?: string;
     /** @description Such as name = "north" AND has(parentRegion) */
     filter?: string;
     instanceId?: string;
     offset?: number;
     /** @description Such as name asc, createdAt desc */
     orderBy?: string;
     pageSize?: number;
     regionId?: string;
     /** @description Those of the places around it too */
     showInherited?: boolean;
     siteId?: string;
    };
    path: {
     /** @description Name of the project */
     projectName: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       hasNext: boolean;
       nextCursor?: string;
       telemetryMetricsProfiles: {
        metricsGroup?: {
         [key: string]: unknown;
        };
        metricsGroupId?: string;
        /** @description Seconds */
        metricsInterval: number;
        /** @description Deprecated: the same as resourceId */
        profileId?: string;
        resourceId: string;
        targetInstance?: string;
        targetRegion?: string;
        targetSite?: string;
        timestamps: {
         /** @description RFC 3339, UTC */
         createdAt: string;
         /** @description RFC 3339, UTC */
         updatedAt: string;
        };
       }[];
       totalElements: number;
      };
     };
    };
   };
  };
  /** Create a telemetry metrics profile */
  post: {
   parameters: {
    path: {
     /** @description Name of the project */
     projectName: string;
    };
   };
   requestBody: {
    content: {
     "application/json": {
      /** @description Taken by its resourceId, where the id itself is not given */
      metricsGroup?: {
       resourceId?: string;
      } & {
       [key: string]: unknown;
      };
      metricsGroupId?: string;
      /** @description Seconds */
      metricsInterval: number;
      /** @description Read-only; accepted and ignored */
      profileId?: unknown;
      /** @description Read-only; accepted and ignored */
      resourceId?: unknown;
      targetInstance?: string;
      targetRegion?: string;
      targetSite?: string;
      /** @description Read-only; accepted and ignored */
      timestamps?: unknown;
     };
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       metricsGroup?: {
        [key: string]: unknown;
       };
       metricsGroupId?: string;
       /** @description Seconds */
       metricsInterval: number;
       /** @description Deprecated: the same as resourceId */
       profileId?: string;
       resourceId: string;
       targetInstance?: string;
       targetRegion?: string;
       targetSite?: string;
       timestamps: {
        /** @description RFC 3339, UTC */
        createdAt: string;
        /** @description RFC 3339, UTC */
        updatedAt: string;
       };
      };
     };
    };
   };
  };
 };
 "/v1/projects/{projectName}/telemetry/profiles/metrics/{resourceId}": {
  /** Read a telemetry metrics profile */
  get: {
   parameters: {
    path: {
     /** @description Name of the project */
     projectName: string;
     resourceId: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       metricsGroup?: {
        [key: string]: unknown;
       };
       metricsGroupId?: string;
       /** @description Seconds */
       metricsInterval: number;
       /** @description Deprecated: the same as resourceId */
       profileId?: string;
       resourceId: string;
       targetInstance?: string;
       targetRegion?: string;
       targetSite?: string;
       timestamps: {
        /** @description RFC 3339, UTC */
        createdAt: string;
        /** @description RFC 3339, UTC */
        updatedAt: string;
       };
      };
     };
    };
   };
  };
  /** Replace a telemetry metrics profile */
  put: {
   parameters: {
    header?: {
     "if-match"?: string;
    };
    path: {
     /** @description Name of the project */
     projectName: string;
     resourceId: string;
    };
   };
   requestBody: {
    content: {
     "application/json": {
      /** @description Taken by its resourceId, where the id itself is not given */
      metricsGroup?: {
       resourceId?: string;
      } & {
       [key: string]: unknown;
      };
      metricsGroupId?: string;
      /** @description Seconds */
      metricsInterval: number;
      /** @description Read-only; accepted and ignored */
      profileId?: unknown;
      /** @description Read-only; accepted and ignored */
      resourceId?: unknown;
      targetInstance?: string;
      targetRegion?: string;
      targetSite?: string;
      /** @description Read-only; accepted and ignored */
      timestamps?: unknown;
     };
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       metricsGroup?: {
        [key: string]: unknown;
       };
       metricsGroupId?: string;
       /** @description Seconds */
       metricsInterval: number;
       /** @description Deprecated: the same as resourceId */
       profileId?: string;
       resourceId: string;
       targetInstance?: string;
       targetRegion?: string;
       targetSite?: string;
       timestamps: {
        /** @description RFC 3339, UTC */
        createdAt: string;
        /** @description RFC 3339, UTC */
        updatedAt: string;
       };
      };
     };
    };
   };
  };
  /** Delete a telemetry metrics profile */
  delete: {
   parameters: {
    query?: {
     /** @description Why; it is kept in the audit beside your name */
     reason?: string;
    };
    header?: {
     "if-match"?: string;
    };
    path: {
     /** @description Name of the project */
     projectName: string;
     resourceId: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": Record<string, unknown>;
     };
    };
   };
  };
  /** Change members of a telemetry metrics profile */
  patch: {
   parameters: {
    query?: {
     fieldMask?: string;
    };
    header?: {
     "if-match"?: string;
    };
    path: {
     /** @description Name of the project */
     projectName: string;
     resourceId: string;
    };
   };
   requestBody: {
    content: {
     "application/json": {
      /** @description Taken by its resourceId, where the id itself is not given */
      metricsGroup?: {
       resourceId?: string;
      } & {
       [key: string]: unknown;
      };
      metricsGroupId?: string;
      /** @description Seconds */
      metricsInterval?: number;
      /** @description Read-only; accepted and ignored */
      profileId?: unknown;
      /** @description Read-only; accepted and ignored */
      resourceId?: unknown;
      targetInstance?: string;
      targetRegion?: string;
      targetSite?: string;
      /** @description Read-only; accepted and ignored */
      timestamps?: unknown;
     };
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       metricsGroup?: {
        [key: string]: unknown;
       };
       metricsGroupId?: string;
       /** @description Seconds */
       metricsInterval: number;
       /** @description Deprecated: the same as resourceId */
       profileId?: string;
       resourceId: string;
       targetInstance?: string;
       targetRegion?: string;
       targetSite?: string;
       timestamps: {
        /** @description RFC 3339, UTC */
        createdAt: string;
        /** @description RFC 3339, UTC */
        updatedAt: string;
       };
      };
     };
    };
   };
  };
 };
 "/v1/projects/{projectName}/workload_members": {
  /** List workload members */
  get: {
   parameters: {
    query?: {
     /** @description nextCursor of the page before */
     cursor?: string;
     /** @description Such as name = "north" AND has(parentRegion) */
     filter?: string;
     offset?: number;
     /** @description Such as name asc, createdAt desc */
     orderBy?: string;
     pageSize?: number;
    };
    path: {
     /** @description Name of the project */
     projectName: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       hasNext: boolean;
       nextCursor?: string;
       totalElements: number;
       workloadMembers: {
        instance?: {
         [key: string]: unknown;
        };
        instanceId?: string;
        /** @enum {unknown} */
        kind: "WORKLOAD_MEMBER_KIND_UNSPECIFIED" | "WORKLOAD_MEMBER_KIND_CLUSTER_NODE";
        member?: {
         [key: string]: unknown;
        };
        resourceId: string;
        timestamps: {
         /** @description RFC 3339, UTC */
         createdAt: string;
         /** @description RFC 3339, UTC */
         updatedAt: string;
        };
        workload?: {
         [key: string]: unknown;
        };
        workloadId?: string;
        /** @description Deprecated: the same as resourceId */
        workloadMemberId?: string;
       }[];
      };
     };
    };
   };
  };
  /** Create a workload member */
  post: {
   parameters: {
    path: {
     /** @description Name of the project */
     projectName: string;
    };
   };
   requestBody: {
    content: {
     "application/json": {
      /** @description Taken by its resourceId, where the id itself is not given */
      instance?: {
       resourceId?: string;
      } & {
       [key: string]: unknown;
      };
      instanceId?: string;
      /** @enum {unknown} */
      kind: "WORKLOAD_MEMBER_KIND_UNSPECIFIED" | "WORKLOAD_MEMBER_KIND_CLUSTER_NODE";
      /** @description Read-only; accepted and ignored */
      member?: unknown;
      /** @description Read-only; accepted and ignored */
      resourceId?: unknown;
      /** @description Read-only; accepted and ignored */
      timestamps?: unknown;
      /** @description Taken by its resourceId, where the id itself is not given */
      workload?: {
       resourceId?: string;
      } & {
       [key: string]: unknown;
      };
      workloadId?: string;
      /** @description Read-only; accepted and ignored */
      workloadMemberId?: unknown;
     };
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       instance?: {
        [key: string]: unknown;
       };
       instanceId?: string;
       /** @enum {unknown} */
       kind: "WORKLOAD_MEMBER_KIND_UNSPECIFIED" | "WORKLOAD_MEMBER_KIND_CLUSTER_NODE";
       member?: {
        [key: string]: unknown;
       };
       resourceId: string;
       timestamps: {
        /** @description RFC 3339, UTC */
        createdAt: string;
        /** @description RFC 3339, UTC */
        updatedAt: string;
       };
       workload?: {
        [key: string]: unknown;
       };
       workloadId?: string;
       /** @description Deprecated: the same as resourceId */
       workloadMemberId?: string;
      };
     };
    };
   };
  };
 };
 "/v1/projects/{projectName}/workload_members/{resourceId}": {
  /** Read a workload member */
  get: {
   parameters: {
    path: {
     /** @description Name of the project */
     projectName: string;
     resourceId: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       instance?: {
        [key: string]: unknown;
       };
       instanceId?: string;
       /** @enum {unknown} */
       kind: "WORKLOAD_MEMBER_KIND_UNSPECIFIED" | "WORKLOAD_MEMBER_KIND_CLUSTER_NODE";
       member?: {
        [key: string]: unknown;
       };
       resourceId: string;
       timestamps: {
        /** @description RFC 3339, UTC */
        createdAt: string;
        /** @description RFC 3339, UTC */
        updatedAt: string;
       };
       workload?: {
        [key: string]: unknown;
       };
       workloadId?: string;
       /** @description Deprecated: the same as resourceId */
       workloadMemberId?: string;
      };
     };
    };
   };
  };
  /** Delete a workload member */
  delete: {
   parameters: {
    query?: {
     /** @description Why; it is kept in the audit beside your name */
     reason?: string;
    };
    header?: {
     "if-match"?: string;
    };
    path: {
     /** @description Name of the project */
     projectName: string;
     resourceId: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": Record<string, unknown>;
     };
    };
   };
  };
 };
 "/v1/projects/{projectName}/workloads": {
  /** List workloads */
  get: {
   parameters: {
    query?: {
     /** @description nextCursor of the page before */
     cursor?: string;
     /** @description Such as name = "north" AND has(parentRegion) */
     filter?: string;
     offset?: number;
     /** @description Such as name asc, createdAt desc */
     orderBy?: string;
     pageSize?: number;
    };
    path: {
     /** @description Name of the project */
     projectName: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       hasNext: boolean;
       nextCursor?: string;
       totalElements: number;
       workloads: {
        externalId?: string;
        /** @enum {unknown} */
        kind: "WORKLOAD_KIND_UNSPECIFIED" | "WORKLOAD_KIND_CLUSTER";
        members?: {
         [key: string]: unknown;
        }[];
        name?: string;
        resourceId: string;
        status?: string;
        timestamps: {
         /** @description RFC 3339, UTC */
         createdAt: string;
         /** @description RFC 3339, UTC */
         updatedAt: string;
        };
        /** @description Deprecated: the same as resourceId */
        workloadId?: string;
       }[];
      };
     };
    };
   };
  };
  /** Create a workload */
  post: {
   parameters: {
    path: {
     /** @description Name of the project */
     projectName: string;
    };
   };
   requestBody: {
    content: {
     "application/json": {
      externalId?: string;
      /** @enum {unknown} */
      kind: "WORKLOAD_KIND_UNSPECIFIED" | "WORKLOAD_KIND_CLUSTER";
      /** @description Read-only; accepted and ignored */
      members?: unknown;
      name?: string;
      /** @description Read-only; accepted and ignored */
      resourceId?: unknown;
      status?: string;
      /** @description Read-only; accepted and ignored */
      timestamps?: unknown;
      /** @description Read-only; accepted and ignored */
      workloadId?: unknown;
     };
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       externalId?: string;
       /** @enum {unknown} */
       kind: "WORKLOAD_KIND_UNSPECIFIED" | "WORKLOAD_KIND_CLUSTER";
       members?: {
        [key: string]: unknown;
       }[];
       name?: string;
       resourceId: string;
       status?: string;
       timestamps: {
        /** @description RFC 3339, UTC */
        createdAt: string;
        /** @description RFC 3339, UTC */
        updatedAt: string;
       };
       /** @description Deprecated: the same as resourceId */
       workloadId?: string;
      };
     };
    };
   };
  };
 };
 "/v1/projects/{projectName}/workloads/{resourceId}": {
  /** Read a workload */
  get: {
   parameters: {
    path: {
     /** @description Name of the project */
     projectName: string;
     resourceId: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       externalId?: string;
       /** @enum {unknown} */
       kind: "WORKLOAD_KIND_UNSPECIFIED" | "WORKLOAD_KIND_CLUSTER";
       members?: {
        [key: string]: unknown;
       }[];
       name?: string;
       resourceId: string;
       status?: string;
       timestamps: {
        /** @description RFC 3339, UTC */
        createdAt: string;
        /** @description RFC 3339, UTC */
        updatedAt: string;
       };
       /** @description Deprecated: the same as resourceId */
       workloadId?: string;
      };
     };
    };
   };
  };
  /** Replace a workload */
  put: {
   parameters: {
    header?: {
     "if-match"?: string;
    };
    path: {
     /** @description Name of the project */
     projectName: string;
     resourceId: string;
    };
   };
   requestBody: {
    content: {
     "application/json": {
      externalId?: string;
      /** @enum {unknown} */
      kind: "WORKLOAD_KIND_UNSPECIFIED" | "WORKLOAD_KIND_CLUSTER";
      /** @description Read-only; accepted and ignored */
      members?: unknown;
      name?: string;
      /** @description Read-only; accepted and ignored */
      resourceId?: unknown;
      status?: string;
      /** @description Read-only; accepted and ignored */
      timestamps?: unknown;
      /** @description Read-only; accepted and ignored */
      workloadId?: unknown;
     };
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       externalId?: string;
       /** @enum {unknown} */
       kind: "WORKLOAD_KIND_UNSPECIFIED" | "WORKLOAD_KIND_CLUSTER";
       members?: {
        [key: string]: unknown;
       }[];
       name?: string;
       resourceId: string;
       status?: string;
       timestamps: {
        /** @description RFC 3339, UTC */
        createdAt: string;
        /** @description RFC 3339, UTC */
        updatedAt: string;
       };
       /** @description Deprecated: the same as resourceId */
       workloadId?: string;
      };
     };
    };
   };
  };
  /** Delete a workload */
  delete: {
   parameters: {
    query?: {
     /** @description Why; it is kept in the audit beside your name */
     reason?: string;
    };
    header?: {
     "if-match"?: string;
    };
    path: {
     /** @description Name of the project */
     projectName: string;
     resourceId: string;
    };
   };
   responses: {
    200: {
     content: {
      "application/json": Record<string, unknown>;
     };
    };
   };
  };
  /** Change members of a workload */
  patch: {
   parameters: {
    query?: {
     fieldMask?: string;
    };
    header?: {
     "if-match"?: string;
    };
    path: {
     /** @description Name of the project */
     projectName: string;
     resourceId: string;
    };
   };
   requestBody: {
    content: {
     "application/json": {
      externalId?: string;
      /** @enum {unknown} */
      kind?: "WORKLOAD_KIND_UNSPECIFIED" | "WORKLOAD_KIND_CLUSTER";
      /** @description Read-only; accepted and ignored */
      members?: unknown;
      name?: string;
      /** @description Read-only; accepted and ignored */
      resourceId?: unknown;
      status?: string;
      /** @description Read-only; accepted and ignored */
      timestamps?: unknown;
      /** @description Read-only; accepted and ignored */
      workloadId?: unknown;
     };
    };
   };
   responses: {
    200: {
     content: {
      "application/json": {
       externalId?: string;
       /** @enum {unknown} */
       kind: "WORKLOAD_KIND_UNSPECIFIED" | "WORKLOAD_KIND_CLUSTER";
       members?: {
        [key: string]: unknown;
       }[];
       name?: string;
       resourceId: string;
       status?: string;
       timestamps: {
        /** @description RFC 3339, UTC */
        createdAt: string;
        /** @description RFC 3339, UTC */
        updatedAt: string;
       };
       /** @description Deprecated: the same as resourceId */
       workloadId?: string;
      };
     };
    };
   };
  };
 };
 "/v1/sections": {
  /** List the sections that are served, with what can be desired of them and what they can do */
  get: {
   responses: {
    200: {
     content: {
      "application/json": {
       sections: {
        /** @description Those that people may give */
        commands: {
         /** @description How much harm it can do: 0 observe … 4 destructive */
         class: number;
         /** @description What it may disturb */
         impact: string;
         /** @description JSON Schema */
         input: unknown;
         name: string;
         /** @description How long it may run */
         timeoutMs: number;
         title: string;
         /** @description How long a host may still start it, unless the caller says otherwise */
         ttlMs: number;
        }[];
        /** @description JSON Schema of what can be desired */
        desired: unknown;
        /** @description The module that alone writes what is desired of it */
        owner?: string;
        section: string;
        title: string;
       }[];
      };
     };
    };
   };
  };
 };
 "/v1/session": {
  /** Sign in with name and password; the token is good as bearer, and browsers get it as cookie */
  post: {
   requestBody: {
    content: {
     "application/json": {
      name: string;
      password: string;
      totp?: string;
     };
    };
   };
   responses: {
    201: {
     content: {
      "application/json": {
       /** @description RFC 3339, UTC */
       expiresAt: string;
       id: string;
       principal: {
        id: string;
        name: string;
        role: string;
       };
       token: string;
      };
     };
    };
   };
  };
  /** Sign out */
  delete: {
   responses: {
    204: {
     content?: never;
    };
   };
  };
 };
 "/v1/session/oidc/{provider}/callback": {
  /** Where an identity provider sends the browser back to */
  get: {
   parameters: {
    path: {
     provider: string;
    };
   };
   responses: never;
  };
 };
 "/v1/session/oidc/{provider}/start": {
  /** Sign in at an identity provider */
  get: {
   parameters: {
    query?: {
     /** @description Path of this installation to come back to */
     to?: string;
    };
    path: {
     provider: string;
    };
   };
   responses: never;
  };
 };
 "/v1/setup": {
  /** Use the one-time link: become the first administrator */
  post: {
   requestBody: {
    content: {
     "application/json": {
      name: string;
      secret: string;
     };
    };
   };
   responses: {
    201: {
     content: {
      "application/json": {
       /** @description RFC 3339, UTC */
       expiresAt: string;
       principal: {
        id: string;
        kind: string;
        name: string;
        permissions: string[];
        role: string;
       };
       token: string;
      };
     };
    };
   };
  };
 };
 "/v1/system": {
  /** What runs here and how it is */
  get: {
   responses: {
    200: {
     content: {
      "application/json": {
       bus: {
        connections: number;
        halfOpen: number;
        messagesIn: number;
        messagesOut: number;
        port: number;
        /** @description since the start, by code */
        refused: {
         [key: string]: number;
        };
        /** @description in the last ten minutes, by code */
        refusedLately: {
         [key: string]: number;
        };
       };
       /** @description what is not as it should be, the worst first */
       concerns: {
        code: string;
        next: string;
        /** @enum {unknown} */
        severity: "failing" | "degraded";
        title: string;
       }[];
       disk?: {
        freeBytes: number;
        totalBytes: number;
       };
       epoch: number;
       eventLoop: {
        /** @description how long something waits before it is looked at, beyond a turn */
        delayMs: number;
        /** @description requests are refused because of it */
        overloaded: boolean;
       };
       hosts: {
        online: number;
        total: number;
       };
       installation: string;
       /** @description RFC 3339, UTC */
       installedAt?: string;
       jobs: {
        /** @description six fields of cron, seconds first, in UTC */
        at: string;
        /** @description RFC 3339, UTC */
        endedAt?: string;
        error?: string;
        name: string;
        tookMs?: number;
       }[];
       lastBackup?: {
        sizeBytes?: number;
        /** @description RFC 3339, UTC */
        takenAt: string;
       };
       memory: {
        hardBytes: number;
        heapUsedBytes: number;
        /**
         * @description soft: no new host enrolls and no stream opens, further up telemetry is dropped; hard: no host is let in
         * @enum {unknown}
         */
        level: "normal" | "soft" | "hard";
        rssBytes: number;
        softBytes: number;
       };
       modules: {
        enabled: boolean;
        name: string;
        title: string;
        version: string;
       }[];
       now: string;
       /** @description when the backup was taken that this database comes from */
       restoredFrom?: string;
       /** @description SHA-256 of the root certificate that hosts pin */
       rootFingerprint: string;
       sections: string[];
       store: {
        journalBytes: number;
        sizeBytes: number;
        /** @description writes of hosts that wait for their turn */
        waiting?: number;
       };
       uptimeMs: number;
       /** @description The address hosts are told to enroll at */
       url: string;
       version: string;
      };
     };
    };
   };
  };
 };
 "/v1/system/backup": {
  /** A consistent copy of the database, taken while it is in use */
  get: {
   responses: {
    200: {
     content: {
      "application/json": string;
     };
    };
   };
  };
 };
 "/v1/system/certificates": {
  /** Certificates by when they end, and versions of agents */
  get: {
   responses: {
    200: {
     content: {
      "application/json": {
       agents: {
        hosts: number;
        version: string;
       }[];
       controller: {
        /** @description SHA-256, hexadecimal */
        fingerprint: string;
        names: string[];
        /** @description RFC 3339, UTC */
        notAfter: string;
        /** @description RFC 3339, UTC */
        notBefore: string;
        /** @description by the controller itself */
        renewed: boolean;
        /** @enum {unknown} */
        role: "root" | "issuing" | "server" | "listener";
        subject: string;
        title: string;
       }[];
       hosts: {
        expired: number;
        inUse: number;
        next: {
         host: string;
         /** @description RFC 3339, UTC */
         notAfter: string;
         project: string;
        }[];
        within7Days: number;
        within30Days: number;
       };
       /** @description RFC 3339, UTC */
       now: string;
      };
     };
    };
   };
  };
 };
 "/v1/system/restore": {
  /** Put a backup in place; the controller restarts on it */
  post: {
   parameters: {
    query?: {
     reason?: string;
    };
   };
   responses: {
    202: {
     content: {
      "application/json": {
       takenAt: string;
      };
     };
    };
   };
  };
 };
 "/v1/system/storage": {
  /** What takes room in the database; walks over all of it */
  get: {
   responses: {
    200: {
     content: {
      "application/json": {
       tables: {
        bytes: number;
        owner: string;
        rows: number;
        table: string;
       }[];
      };
     };
    };
   };
  };
 };
}
export type webhooks = Record<string, never>;
export interface components {
 schemas: never;
 responses: never;
 parameters: never;
 requestBodies: never;
 headers: never;
 pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
