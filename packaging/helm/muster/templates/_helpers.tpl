{{/* What all objects of a release are called, short enough for the suffixes and ordinals that follow. */}}
{{- define "muster.name" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride -}}
{{- else if contains "muster" .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-muster" .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{/* What finds pods; it never changes. Called with (dict "root" $ "part" "controller"). */}}
{{- define "muster.selector" -}}
app.kubernetes.io/name: muster
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .part }}
{{- end -}}

{{- define "muster.labels" -}}
{{ include "muster.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version }}
{{- end -}}

{{- define "muster.image" -}}
{{- printf "%smuster-%s:%s" .root.Values.image.registry .part (.root.Values.image.tag | default .root.Chart.AppVersion) -}}
{{- end -}}

{{/* The names agents and people inside the cluster may use, then those of the values. */}}
{{- define "muster.names" -}}
{{- $names := list -}}
{{- range list "" "-mqtt" "-cira" -}}
{{- $short := printf "%s%s" (include "muster.name" $) . -}}
{{- $names = concat $names (list $short (printf "%s.%s" $short $.Release.Namespace) (printf "%s.%s.svc" $short $.Release.Namespace)) -}}
{{- end -}}
{{- $names = concat $names .Values.controller.names -}}
{{- if .Values.controller.ingress.enabled -}}
{{- $names = append $names .Values.controller.ingress.host -}}
{{- end -}}
{{- with .Values.controller.mqtt.announce -}}
{{- $names = append $names (regexReplaceAll ":[0-9]+$" . "") -}}
{{- end -}}
{{- $names | uniq | join "," -}}
{{- end -}}

{{/* Where agents dial: what the values say, or the name of the service inside the cluster. */}}
{{- define "muster.announce" -}}
{{- .Values.controller.mqtt.announce | default (printf "%s-mqtt.%s.svc:%v" (include "muster.name" .) .Release.Namespace .Values.controller.mqtt.port) -}}
{{- end -}}

{{- define "muster.url" -}}
{{- if .Values.controller.url -}}
{{- .Values.controller.url -}}
{{- else if .Values.controller.ingress.enabled -}}
{{- printf "https://%s" .Values.controller.ingress.host -}}
{{- else -}}
{{- printf "https://%s.%s.svc:%v" (include "muster.name" .) .Release.Namespace .Values.controller.https.port -}}
{{- end -}}
{{- end -}}

{{- define "muster.podSecurity" -}}
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
fsGroup: 65532
fsGroupChangePolicy: OnRootMismatch
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{- define "muster.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end -}}
