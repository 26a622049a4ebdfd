{{- define "motif.fullname" -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- end -}}

{{- define "motif.operatorName" -}}
{{ include "motif.fullname" . }}-operator
{{- end -}}

{{- define "motif.selectorLabels" -}}
app.kubernetes.io/name: motif
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: operator
{{- end -}}

{{- define "motif.labels" -}}
{{ include "motif.selectorLabels" . }}
app.kubernetes.io/part-of: motif
app.kubernetes.io/managed-by: {{ .Release.Service }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end -}}

{{/* The operator's image: registry, path and tag. */}}
{{- define "motif.operatorImage" -}}
{{- with .Values.image.registry }}{{ trimSuffix "/" . }}/{{ end }}motif/operator:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end -}}

{{- define "motif.dataPlaneRegistry" -}}
{{- $registry := .Values.dataPlane.registry | default .Values.image.registry -}}
{{- with $registry }}{{ trimSuffix "/" . }}/{{ end }}motif
{{- end -}}

{{/* What the operator may do in the namespaces it serves: exactly the verbs that it uses; a test compares them with what it really did. */}}
{{- define "motif.rules" -}}
- apiGroups: [motif.dev]
  resources: [shardedservices]
  verbs: [list, watch]
- apiGroups: [motif.dev]
  resources: [shardedservices/status]
  verbs: [patch]
# Asked for where the API server checks blockOwnerDeletion (OwnerReferencesPermissionEnforcement).
- apiGroups: [motif.dev]
  resources: [shardedservices/finalizers]
  verbs: [update]
- apiGroups: [apps]
  resources: [statefulsets, deployments]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [""]
  resources: [services]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [""]
  resources: [configmaps]
  verbs: [get, list, watch, create, patch]
- apiGroups: [policy]
  resources: [poddisruptionbudgets]
  verbs: [get, list, watch, create, patch, delete]
# Where shardAutoscaling asks for them.
- apiGroups: [autoscaling]
  resources: [horizontalpodautoscalers]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [""]
  resources: [pods]
  verbs: [list, watch, patch]
- apiGroups: [""]
  resources: [persistentvolumeclaims]
  verbs: [list, watch, patch]
# Why a pod cannot start stands in events alone (a Secret that is not there, a quota).
- apiGroups: [""]
  resources: [events]
  verbs: [list]
- apiGroups: [events.k8s.io]
  resources: [events]
  verbs: [create]
{{- end -}}
