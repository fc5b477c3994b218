import { Button, Table, type TableProps } from 'antd'
import { useState, type ReactNode } from 'react'
import { useIsNarrow, useWords } from '../screen.tsx'
import { Loaded, type Loading } from './loaded.tsx'
import { Nothing } from './nothing.tsx'

export type Field<Row> = {
  key: string
  title: string
  render: (row: Row) => ReactNode
  width?: number | undefined
  align?: 'right' | undefined
  /** Where it stands on a phone's card: its heading, beside the heading, among the rest (the default), or at the foot. */
  place?: 'head' | 'aside' | 'foot' | undefined
}

type Props<Row> = {
  query: Loading<Row[]>
  fields: Field<Row>[]
  rowKey: (row: Row) => string
  empty: ReactNode
  emptyAction?: ReactNode
  onOpen?: ((row: Row) => void) | undefined
  pageSize?: number
  footer?: ReactNode
}

/** Rows as a table, and on a phone as cards. */
export function Listing<Row extends object>(props: Props<Row>) {
  const isNarrow = useIsNarrow()
  return (
    <Loaded query={props.query}>
      {(rows) => {
        if (rows.length === 0) return <Nothing action={props.emptyAction}>{props.empty}</Nothing>
        return isNarrow ? <Cards {...props} rows={rows} /> : <Rows {...props} rows={rows} />
      }}
    </Loaded>
  )
}

function Rows<Row extends object>(props: Props<Row> & { rows: Row[] }) {
  const { fields, rows, rowKey, onOpen, pageSize = 20, footer } = props
  const columns: TableProps<Row>['columns'] = fields.map((field) => ({
    key: field.key,
    title: field.title,
    ...(field.width === undefined ? {} : { width: field.width }),
    ...(field.align === undefined ? {} : { align: field.align }),
    render: (_value, row) =>
      onOpen && field.place === 'head' ? (
        <button type="button" className="row-opener" onClick={() => onOpen(row)}>
          {field.render(row)}
        </button>
      ) : (
        field.render(row)
      ),
  }))
  return (
    <div className="sheet">
      <Table<Row>
        columns={columns}
        dataSource={rows}
        rowKey={rowKey}
        scroll={{ x: 'max-content' }}
        pagination={rows.length > pageSize ? { pageSize, showSizeChanger: false, placement: ['bottomEnd'] } : false}
      />
      {footer && <div className="sheet-foot">{footer}</div>}
    </div>
  )
}

function Cards<Row extends object>(props: Props<Row> & { rows: Row[] }) {
  const { fields, rows, rowKey, onOpen, pageSize = 20, footer } = props
  const { t } = useWords()
  const [shown, setShown] = useState(pageSize)
  const at = (place: Field<Row>['place']) => fields.filter((field) => field.place === place)
  return (
    <>
      <ul className="cards">
        {rows.slice(0, shown).map((row) => (
          <li key={rowKey(row)} className="card">
            <div className="card-head">
              {onOpen ? (
                <button type="button" className="row-opener" onClick={() => onOpen(row)}>
                  {at('head').map((field) => (
                    <span key={field.key}>{field.render(row)}</span>
                  ))}
                </button>
              ) : (
                <div>
                  {at('head').map((field) => (
                    <span key={field.key}>{field.render(row)}</span>
                  ))}
                </div>
              )}
              {at('aside').map((field) => (
                <span key={field.key}>{field.render(row)}</span>
              ))}
            </div>
            <dl>
              {at(undefined).map((field) => {
                const value = field.render(row)
                // A card has no columns to keep in line, so what is not known takes no room.
                return value === '—' ? null : (
                  <div key={field.key}>
                    <dt>{field.title}</dt>
                    <dd>{value}</dd>
                  </div>
                )
              })}
            </dl>
            {at('foot').length > 0 && (
              <div className="card-foot">
                {at('foot').map((field) => (
                  <span key={field.key}>{field.render(row)}</span>
                ))}
              </div>
            )}
          </li>
        ))}
      </ul>
      {rows.length > shown && (
        <Button block className="cards-more" onClick={() => setShown(shown + pageSize)}>
          {t('more')}
        </Button>
      )}
      {footer && <div className="cards-more">{footer}</div>}
    </>
  )
}
