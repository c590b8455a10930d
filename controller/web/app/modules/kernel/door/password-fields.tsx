// SPDX-License-Identifier: Apache-2.0
/** Fields for passwords: with a hint on caps lock, and one for new ones that says how hard they are to guess. */
import './door.css'
import { PasswordInput, type PasswordInputProps, Text } from '@mantine/core'
import { type KeyboardEvent, useId, useState } from 'react'
import { t } from '../../../words/door.ts'
import { strengthOf } from './strength.ts'

type FieldProps = Omit<PasswordInputProps, 'value' | 'onChange'> & {
  readonly value: string
  readonly onChange: (value: string) => void
}

export function PasswordField({ value, onChange, description, ...rest }: FieldProps) {
  const [caps, setCaps] = useState(false)
  const look = (event: KeyboardEvent): void => setCaps(event.getModifierState('CapsLock'))
  return (
    <PasswordInput
      label={t.password}
      autoComplete="current-password"
      required
      maxLength={1_024}
      visibilityToggleButtonProps={{ 'aria-label': t.show }}
      {...rest}
      value={value}
      onChange={event => onChange(event.currentTarget.value)}
      onKeyDown={look}
      onKeyUp={look}
      onBlur={() => setCaps(false)}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      description={
        // What is announced must be there before it has something to say.
        <span role="status">{caps ? t.capsLock : description}</span>
      }
    />
  )
}

type NewProps = FieldProps & { readonly names: readonly string[] }

/** A new password, with what is wrong with it said while it is typed. */
export function NewPasswordField({ names, value, ...rest }: NewProps) {
  const strength = strengthOf(value, names)
  const id = useId()
  const said =
    strength.grade === 'weak' ? t.meter.weak(strength.why) : strength.grade === 'fair' ? t.meter.fair : t.meter.strong
  return (
    <div>
      <PasswordField label={t.newPassword} autoComplete="new-password" aria-describedby={id} {...rest} value={value} />
      <div className="mu-meter" data-grade={value === '' ? 'none' : strength.grade} aria-hidden>
        <span />
        <span />
        <span />
      </div>
      <Text id={id} size="xs" c="dimmed" role="status" mt={4}>
        {value === '' ? (
          t.meter.empty
        ) : (
          <>
            <strong>{t.meter.grade[strength.grade]}.</strong> {said}
          </>
        )}
      </Text>
    </div>
  )
}
