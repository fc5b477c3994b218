import { HomeOutlined, UploadOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button, Input, Tree } from 'antd'
import { useMemo, useState } from 'react'
import { pruneTree, type AreaNode } from '../area-tree.ts'
import { useAreas } from '../areas.tsx'
import { answer, api } from '../client.ts'
import { BatchImport } from '../parts/batch-import.tsx'
import { Listing } from '../parts/listing.tsx'
import { Loaded } from '../parts/loaded.tsx'
import { Page } from '../parts/page.tsx'
import { useWords } from '../screen.tsx'
import { useMe } from '../session.tsx'

const HOUSEHOLDS_SHOWN = '200'

/** The division tree and its households. */
export default function Areas() {
  const { t } = useWords()
  const me = useMe()
  const { query, tree, areas, byCode } = useAreas()
  const [search, setSearch] = useState('')
  const [picked, setPicked] = useState<string | null>(null)
  const [importing, setImporting] = useState<'areas' | 'households' | null>(null)
  const shown = useMemo(() => pruneTree(tree, search.trim()), [tree, search])
  const villages = areas.filter((area) => area.level === 'village').length
  return (
    <Page
      title={t('areas')}
      about={t('areas.about', { areas: areas.length, villages })}
      actions={
        <>
          {me.may('households.write') && (
            <Button icon={<HomeOutlined />} onClick={() => setImporting('households')}>
              {t('areas.import-households')}
            </Button>
          )}
          {me.may('areas.write') && (
            <Button icon={<UploadOutlined />} onClick={() => setImporting('areas')}>
              {t('areas.import')}
            </Button>
          )}
        </>
      }
    >
      <div className="halves">
        <section className="sheet padded" aria-label={t('areas')}>
          <Input.Search
            allowClear
            placeholder={t('areas.search')}
            aria-label={t('areas.search')}
            onChange={(event) => setSearch(event.target.value)}
          />
          <Loaded query={query}>
            {() => (
              <Tree<AreaNode>
                key={search}
                className="area-tree"
                height={560}
                blockNode
                treeData={shown}
                defaultExpandAll={search !== ''}
                defaultExpandedKeys={tree.map((node) => node.value)}
                selectedKeys={picked ? [picked] : []}
                onSelect={(_keys, { node }) => setPicked(node.key)}
                titleRender={areaTitle}
              />
            )}
          </Loaded>
        </section>
        {me.may('households.read') && (
          <section aria-label={t('areas.households')}>
            {picked ? (
              <Households key={picked} area={picked} name={byCode.get(picked)?.name ?? picked} />
            ) : (
              <p className="faint">{t('areas.pick-one')}</p>
            )}
          </section>
        )}
      </div>
      <BatchImport
        title={t('areas.import')}
        path="/api/areas/import"
        accept=".csv,.txt"
        about={<p>{t('areas.import-about')}</p>}
        refreshes={['areas']}
        open={importing === 'areas'}
        onClose={() => setImporting(null)}
      />
      <BatchImport
        title={t('areas.import-households')}
        path="/api/households/import"
        accept=".csv"
        about={<p>{t('areas.import-households-about')}</p>}
        refreshes={['households']}
        open={importing === 'households'}
        onClose={() => setImporting(null)}
      />
    </Page>
  )
}

function Households({ area, name }: { area: string; name: string }) {
  const { t } = useWords()
  const query = useQuery({
    queryKey: ['households', area],
    queryFn: async () => (await answer(api.households.$get({ query: { area, limit: HOUSEHOLDS_SHOWN } }))).households,
  })
  return (
    <>
      <h2>{t('areas.households-of', { name })}</h2>
      <Listing
        query={query}
        rowKey={(household) => household.id}
        empty={t('areas.no-households')}
        fields={[
          { key: 'name', title: t('areas.household'), place: 'head', render: (household) => household.name },
          { key: 'address', title: t('areas.address'), render: (household) => household.address },
          { key: 'id', title: t('id'), render: (household) => <code>{household.id}</code> },
        ]}
      />
    </>
  )
}

function areaTitle(node: AreaNode) {
  return (
    <span className="area-node">
      {node.title} <code>{node.value}</code>
    </span>
  )
}
