import { useMutation, useQueryClient } from '@tanstack/react-query'
import { App, type FormInstance } from 'antd'
import { useState } from 'react'
import { isRefusal } from './client.ts'
import { divideFaults } from './faults.ts'
import { useFailureText } from './parts/failure.tsx'

type Options<Input, Output> = {
  send: (input: Input) => Promise<Output>
  /** The form whose fields the faults belong to, with the names of its fields. */
  form?: { instance: FormInstance; fields: string[] }
  /** The first words of the query keys that this changes. */
  refreshes: string[]
  done?: string | ((output: Output) => string)
  onDone?: (output: Output, input: Input) => void
}

/** Sends a change: faults go to their fields, the rest is said above the form or as a message; what it changed is fetched anew. */
export function useSaving<Input, Output>(options: Options<Input, Output>) {
  const { message } = App.useApp()
  const queries = useQueryClient()
  const textOf = useFailureText()
  const [above, setAbove] = useState<string[]>([])
  const mutation = useMutation({
    mutationFn: options.send,
    onMutate: () => setAbove([]),
    onSuccess: (output, input) => {
      for (const key of options.refreshes) void queries.invalidateQueries({ queryKey: [key] })
      const words = typeof options.done === 'function' ? options.done(output) : options.done
      if (words) void message.success(words)
      options.onDone?.(output, input)
    },
    onError: (error) => {
      if (!options.form) {
        const details = isRefusal(error) ? error.details.map((detail) => detail.message) : []
        void message.error([textOf(error), ...details].join(' · '), 6)
        return
      }
      const faults = divideFaults(isRefusal(error) ? error.details : [], options.form.fields)
      options.form.instance.setFields(faults.onFields)
      if (faults.onFields[0]) options.form.instance.scrollToField(faults.onFields[0].name, { block: 'center' })
      setAbove(faults.onFields.length > 0 ? faults.above : [textOf(error), ...faults.above])
    },
  })
  return {
    save: (input: Input) => mutation.mutate(input),
    isSaving: mutation.isPending,
    above,
    clear: () => setAbove([]),
  }
}
